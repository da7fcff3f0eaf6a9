import type { XmlVerdict } from '../../../shared/domain/xml-problem';
import { asksForReader, judgeNetwork, readVerdict } from '../../commands/virsh/judge-network';
import type { InventoryService } from '../inventory/inventory-service';

/** Has the host's own libvirt judge a network document, as the plain user and without changing anything. Rejects when the session is gone. */
export async function judgeNetworkXml(inventory: Pick<InventoryService, 'runner'>, hostId: string, xml: string): Promise<XmlVerdict> {
  const runner = inventory.runner(hostId);
  const ask = (validate: boolean) => runner.run(judgeNetwork(xml, { validate }), { elevate: false, timeoutMs: 15_000 });
  const schema = await ask(true);
  return readVerdict(xml, schema, asksForReader(schema) ? await ask(false) : null);
}
