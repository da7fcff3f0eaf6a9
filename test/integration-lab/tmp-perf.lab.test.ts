import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { LabHost, labKeyPath } from '../lab/lab';
it('perf', async () => {
  const host = await LabHost.up('invperf');
  try {
    await host.execOrThrow('mkdir -p /var/lib/libvirt/dnsmasq; for i in $(seq 1 100); do echo "<network><name>n$i</name><bridge name=\'vb$i\'/><ip address=\'10.90.$i.1\' prefix=\'24\'><dhcp><range start=\'10.90.$i.2\' end=\'10.90.$i.9\'/></dhcp></ip></network>" >/tmp/n; virsh -q net-define /tmp/n; echo "<domain type=\'qemu\'><name>m$i</name><memory>1024</memory><os><type>hvm</type></os><devices><interface type=\'network\'><source network=\'n$i\'/></interface></devices></domain>" >/tmp/m; virsh -q define /tmp/m; : >/var/lib/libvirt/dnsmasq/vb$i.status; done; for i in $(seq 1 20); do virsh -q net-start n$i; done', { timeoutMs: 150000 });
    writeFileSync('/tmp/kh-invperf', await host.knownHostsLine());
    for (let n = 0; n < 3; n++) {
      const t = performance.now();
      const runner = await openSshRunner({ address: host.address, port: 22, user: 'root', auth: [{ kind: 'key', path: labKeyPath }], useSudo: false, homeDirectory: '/tmp', hostKey: { confirmUnknown: async () => false, userFile: '/tmp/kh-invperf', systemFiles: [] }, askSecret: async () => null });
      const t1 = performance.now();
      const s = new InventoryService();
      const g = runner.gather.bind(runner), v = runner.virsh.bind(runner);
      runner.gather = async (...a) => { const b = performance.now(); const r = await g(...a); console.log('  gather', (performance.now() - b).toFixed()); return r; };
      runner.virsh = async (...a) => { const b = performance.now(); const r = await v(...a); console.log('  virsh', a[0].length, (performance.now() - b).toFixed()); return r; };
      await s.attach('h', runner);
      console.log('connect', (t1 - t).toFixed(), 'attach', (performance.now() - t1).toFixed(), s.get('h')!.snapshot.networks.length, s.get('h')!.snapshot.machines.length);
      s.forget('h'); await runner.close();
    }
  } finally { await host.down(); }
});
