import { z } from 'zod';

/** Stable names of what preflight can find; fixes are asked for by them. */
export const findingCodes = [
  'libvirt.missing', 'libvirt.not-running', 'libvirt.unreachable', 'libvirt.mixed-daemons', 'libvirt.part-missing', 'libvirt.part-not-running',
  'libvirt.client-missing', 'libvirt.too-old',
  'qemu.missing', 'kvm.missing', 'kvm.not-accessible',
  'dnsmasq.missing', 'dns.port-taken', 'ovs.missing', 'ovs.not-running',
  'rights.read-only', 'rights.not-in-group', 'rights.reconnect',
  'forwarding.off', 'firewall.tools-missing', 'firewalld.no-zone', 'docker.forward-drop',
  'iproute.missing', 'iproute.too-old',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** `blocker`: the app can't do its main work; `warning`: a part of it fails or surprises; `note`: good to know. */
export const severitySchema = z.enum(['blocker', 'warning', 'note']);
export type Severity = z.infer<typeof severitySchema>;

/** The way out of a finding. `script`: the same for the user's own shell, one command a line. */
const findingFixSchema = z.discriminatedUnion('kind', [
  /** The app does it: intent `preflight.fix` with the finding's code. */
  z.object({ kind: z.literal('plan'), label: z.string(), script: z.string() }),
  /** The app can't, and says why. */
  z.object({ kind: z.literal('manual'), text: z.string(), script: z.string().nullable() }),
  /** Rights are given at login. */
  z.object({ kind: z.literal('reconnect'), text: z.string() }),
]);

export const findingSchema = z.object({
  code: z.enum(findingCodes),
  severity: severitySchema,
  title: z.string(),
  /** What was seen, with names. */
  detail: z.string(),
  /** What it means for the user. */
  meaning: z.string(),
  fix: findingFixSchema.nullable(),
});
export type Finding = z.infer<typeof findingSchema>;
export type FindingFix = NonNullable<Finding['fix']>;

export const preflightReportSchema = z.object({
  hostId: z.string(),
  /** ISO 8601, this computer's clock. */
  takenAt: z.string(),
  /** The worst first. */
  findings: z.array(findingSchema),
  /** What was looked at and is well, a sentence each. */
  passed: z.array(z.string()),
});
export type PreflightReport = z.infer<typeof preflightReportSchema>;
