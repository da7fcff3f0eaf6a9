import type { XmlVerdict } from '../../../shared/domain/xml-problem';

/** One line on what the host's libvirt makes of the document as it stands. */
export function describeVerdict(verdict: XmlVerdict | 'asking' | null, hasErrors: boolean, hostName: string, libvirtVersion: string | null): { text: string; isAccepted: boolean } {
  const libvirt = `libvirt${libvirtVersion === null ? '' : ` ${libvirtVersion}`} on ${hostName}`;
  if (verdict === 'asking') return { text: `Asking ${libvirt}…`, isAccepted: false };
  if (verdict === null) return { text: hasErrors ? `${libvirt} is asked once nothing else is wrong` : '', isAccepted: false };
  switch (verdict.verdict) {
    case 'accepted': return { text: verdict.problems.length > 0 ? `${libvirt} reads it, and leaves out what its schema has not` : `${libvirt} accepts it`, isAccepted: verdict.problems.length === 0 };
    case 'refused': return { text: `${libvirt} refuses it: ${verdict.said ?? ''}`, isAccepted: false };
    case 'unknown': return { text: `Not judged before it is applied: ${verdict.reason ?? ''}`, isAccepted: false };
  }
}
