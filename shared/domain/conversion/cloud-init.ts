import type { ConversionFacts } from './facts';
import { warning } from './finding';
import type { StackPlan } from './stack-plan';
import type { TransactionFile } from './transaction';

const switchOff = '/etc/cloud/cloud.cfg.d/99-disable-network-config.cfg';

/** cloud-init would write its own network again over what was changed; it is told not to. Source: cloud-init's documentation, network configuration. */
export function withCloudInit(facts: ConversionFacts, plan: StackPlan): StackPlan {
  const touched = plan.transaction.files.flatMap(({ commitPath, name }) => [commitPath ?? '', name]);
  const written = facts.files.filter(({ path, content }) => /cloud-init/.test(path) || /cloud-init|'instance-data'/.test((content ?? '').slice(0, 600)));
  const concerned = written.some(({ path }) => touched.includes(path) || /\/(system-connections|systemd\/network)\//.test(path));
  const off = facts.files.some(({ path, content }) => path.startsWith('/etc/cloud/') && /^\s*network:\s*(\{\s*config:\s*disabled\s*\}|\n\s+config:\s*disabled)/m.test(content ?? ''));
  if (!concerned || off) return plan;
  const file: TransactionFile = {
    name: 'cloud-init-network.cfg', mode: 0o644, trialPath: null, commitPath: switchOff,
    content: '# The network was changed by hand (Netwright); cloud-init must not write it anew.\nnetwork: {config: disabled}\n',
  };
  const { transaction } = plan;
  return {
    ...plan,
    transaction: { ...transaction, files: [...transaction.files, file], protects: [...transaction.protects, switchOff] },
    changes: [...plan.changes, { title: switchOff, language: 'text', before: null, after: file.content }],
    warnings: [...plan.warnings, warning('cloud-init.off', 'cloud-init will no longer write the network', 'It made this configuration at the first start, and would make it anew. Changes in the cloud\'s own console then no longer arrive here.')],
  };
}
