import type { Reach } from '../../reach';
import type { LabTestNetwork } from './lab-places';
import type { LabTestRouter, RouterFace } from './lab-test-router';
import type { Contact, LabWires } from './lab-wires';

/** What routers have to do with a promise. `because`: as the end of a sentence. */
export interface RoutedReach { reach: Reach; because: string; by: LabTestRouter | null }

/** Where a way by routers ends: at machines of the wire that was meant, at the host or the LAN outside, or at a router that drops it. */
type End =
  | { at: 'there'; last: Contact; isTranslated: boolean }
  | { at: 'host'; last: Contact; network: LabTestNetwork; isTranslated: boolean }
  | { at: 'lan'; last: Contact; isTranslated: boolean }
  | { at: 'nowhere'; router: LabTestRouter; why: string };
interface Way { end: End; routers: LabTestRouter[] }

/** The host's own part of a way: what it lets pass from one network of the lab to another. */
export type AcrossHost = (from: LabTestNetwork) => { reach: Reach; because: string };

/** What the routers of a lab let pass between its wires, and out. */
export class LabWays {
  constructor(private readonly wires: LabWires) {}

  /** Between machines of two wires; null: no router has to do with it. */
  between(from: string, to: string, acrossHost: AcrossHost): RoutedReach | null {
    if (this.wires.contactsOn(from).length === 0 && this.wires.contactsOn(to).length === 0) return null;
    const gateway = this.wires.gatewayOn(from);
    const beside = this.beside(from, to);
    if (gateway?.kind !== 'router') {
      // The host's own way is tried first, and what it promises holds.
      return gateway && acrossHost(gateway.network).reach === 'yes' ? null : beside;
    }
    const way = this.follow(gateway, to);
    const reached = this.judge(way, from, to, acrossHost);
    return reached.reach === 'no' && beside?.reach === 'partly' ? beside : reached;
  }

  /** From machines of a wire out of the lab; `ofHost`: what the host promises to those of one of its networks. Null: no router has to do with it. */
  outward(from: string, peer: 'host' | 'lan' | 'internet', ofHost: AcrossHost): RoutedReach | null {
    const gateway = this.wires.gatewayOn(from);
    const opaque = this.wires.contactsOn(from).find(({ router }) => router.isOpaque)?.router;
    if (gateway === null && opaque) return { reach: 'partly', because: onlyKnownTo(opaque), by: opaque };
    if (gateway?.kind !== 'router') return null;
    const { end } = this.follow(gateway, null);
    switch (end.at) {
      case 'nowhere': return { reach: 'no', because: end.why, by: end.router };
      case 'there': return null;
      case 'lan': return peer === 'host' || !end.isTranslated ? { reach: 'partly', because: dependsOnOthers, by: end.last.router }
        : { reach: 'yes', because: `${end.last.router.key} leads out under its own address`, by: end.last.router };
      case 'host': return end.isTranslated ? onward(ofHost(end.network), end.last.router) : { reach: 'partly', because: needsWayBack(end.last.router), by: end.last.router };
    }
  }

  /** From outside to machines of a wire: where a router takes somebody in, it depends on who knows the way. */
  inward(to: string): RoutedReach | null {
    for (const { router, face } of this.wires.contactsOn(to)) {
      const outer = router.faces.find((other) => other.wire !== to && (this.wires.hostOn(other.wire) !== null || other.gateway !== null || other.asksForAddress) && allows(router, other.zone, face.zone));
      if (outer) return { reach: 'partly', because: `${router.key} lets ${outer.zone} begin to talk to ${face.zone}, and it takes a route to it`, by: router };
    }
    return null;
  }

  /** By a router that both are on and that machines don't ask by themselves. */
  private beside(from: string, to: string): RoutedReach | null {
    const joining = this.wires.contactsOn(from).flatMap(({ router, face }) => this.wires.contactsOn(to).filter((other) => other.router === router).map((other) => ({ router, face, other: other.face })));
    const opaque = joining.find(({ router }) => router.isOpaque)?.router;
    if (opaque) return { reach: 'partly', because: onlyKnownTo(opaque), by: opaque };
    const open = joining.find(({ router, face, other }) => allows(router, face.zone, other.zone));
    if (open) return { reach: 'partly', because: `${open.router.key} lets ${open.face.zone} begin to talk to ${open.other.zone}, and it takes a route to it`, by: open.router };
    const [shut] = joining;
    return shut ? { reach: 'no', because: refuses(shut.router, shut.face, shut.other), by: shut.router } : null;
  }

  private judge({ end, routers }: Way, from: string, to: string, acrossHost: AcrossHost): RoutedReach {
    switch (end.at) {
      case 'nowhere': return { reach: 'no', because: end.why, by: end.router };
      case 'lan': return { reach: 'partly', because: dependsOnOthers, by: end.last.router };
      case 'host': return end.isTranslated ? onward(acrossHost(end.network), end.last.router) : { reach: 'partly', because: needsWayBack(end.last.router), by: end.last.router };
      case 'there': {
        const by = end.last.router;
        const isAnswered = (routers.length === 1 && end.isTranslated) || this.comesBack(routers, to, from);
        return isAnswered ? { reach: 'yes', because: routers.length === 1 ? `${by.key} lets it pass` : `${routers.map(({ key }) => key).join(' and ')} let it pass`, by } : { reach: 'partly', because: needsWayBack(by), by };
      }
    }
  }

  /** Whether answers go through the same routers, the other way round: others would not know the connection, and drop it. */
  private comesBack(routers: readonly LabTestRouter[], from: string, to: string): boolean {
    const gateway = this.wires.gatewayOn(from);
    if (gateway?.kind !== 'router') return false;
    const back = this.follow(gateway, to, () => true);
    return back.end.at === 'there' && back.routers.length === routers.length && back.routers.every((router, at) => router === routers[routers.length - 1 - at]);
  }

  /** From router to router until one has the wire, or hands it to somebody else. `to` null: out of the lab. */
  private follow(first: Contact, to: string | null, passes: typeof allows = allows): Way {
    const routers: LabTestRouter[] = [];
    let isTranslated = false;
    let at = first;
    for (;;) {
      const { router, face } = at;
      const nowhere = (why: string): Way => ({ end: { at: 'nowhere', router, why }, routers });
      if (routers.includes(router)) return nowhere(`${router.key} and the others hand it round in a circle`);
      routers.push(router);
      const own = to === null ? undefined : router.faces.find((other) => other.wire === to && this.wires.isAmongMachines(other));
      if (own) {
        if (!passes(router, face.zone, own.zone)) return nowhere(refuses(router, face, own));
        return { end: { at: 'there', last: { router, face: own }, isTranslated: isTranslated || own.masquerades }, routers };
      }
      const out = this.wires.wayOutOf(router);
      if (!out) return nowhere(`${router.key} has no way on`);
      if (!passes(router, face.zone, out.face.zone)) return nowhere(refuses(router, face, out.face));
      isTranslated ||= out.face.masquerades;
      const last: Contact = { router, face: out.face };
      if (out.to === 'lan') return { end: { at: 'lan', last, isTranslated }, routers };
      if (out.to.kind === 'host') return { end: { at: 'host', last, network: out.to.network, isTranslated }, routers };
      at = out.to;
    }
  }
}

function allows({ allow }: LabTestRouter, from: string, to: string): boolean {
  return allow.some((pair) => pair[0] === from && pair[1] === to);
}

const refuses = ({ key }: LabTestRouter, from: RouterFace, to: RouterFace): string => `${key} lets nobody of ${from.zone} begin to talk to ${to.zone}`;
const onlyKnownTo = ({ key }: LabTestRouter): string => `what ${key} lets pass its definition does not say`;
const dependsOnOthers = 'it depends on more than the lab';
const needsWayBack = ({ key }: LabTestRouter): string => `${key} lets it pass, and the answer takes a route back`;
const onward = ({ reach, because }: { reach: Reach; because: string }, by: LabTestRouter): RoutedReach => ({ reach, because: reach === 'yes' ? `${by.key} leads there under its own address` : because, by });
