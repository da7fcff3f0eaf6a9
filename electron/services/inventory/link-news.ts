import type { LinkEvent } from '../../commands/ip/monitor';
import type { HostParts } from './host-parts';

/**
 * Tells which lines of `ip monitor` say something new. Routers advertise themselves every few seconds on many
 * networks, and each time the kernel repeats link, address and route as they are: rereading at each would be polling.
 */
export class LinkNews {
  private readonly lastPartial = new Map<number, string>();

  isNews(event: LinkEvent, line: string, parts: HostParts): boolean {
    switch (event.kind) {
      case 'nothing': case 'neighbour': case 'forwarding': return false;
      case 'unknown': return true;
      case 'link': return this.isLinkNews(event, line);
      case 'address': {
        const owner = parts.interfaces.find((candidate) => candidate.name === event.device);
        const known = owner?.addresses.some((own) => own.address === event.address && own.prefix === event.prefix) ?? false;
        return event.deleted || !known;
      }
      case 'route': return event.deleted || !parts.routes.some((route) =>
        bare(route.destination) === bare(event.destination) && route.device === event.device && route.gateway === event.gateway
        && route.metric === event.metric && route.table === event.table);
    }
  }

  private isLinkNews(event: Extract<LinkEvent, { kind: 'link' }>, line: string): boolean {
    if (!event.partial) {
      this.lastPartial.delete(event.index);
      return true;
    }
    const news = this.lastPartial.get(event.index) !== line;
    this.lastPartial.set(event.index, line);
    return news;
  }
}

/** Without the length that `ip` leaves out for single addresses. */
function bare(destination: string): string {
  return destination.replace(/\/(?:32|128)$/, (length) => (destination.includes(':') === (length === '/128') ? '' : length));
}
