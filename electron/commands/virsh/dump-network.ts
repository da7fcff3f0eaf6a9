/** For the persistent virsh. Without `inactive`: the running definition where there is one. Source: virsh(1), net-dumpxml. */
export function dumpNetworkArgv(uuid: string, options: { inactive: boolean }): string[] {
  return options.inactive ? ['net-dumpxml', '--inactive', uuid] : ['net-dumpxml', uuid];
}

/**
 * Does the next start use another definition than the one that runs? libvirt writes both with the same code, so equal
 * definitions are equal texts, except for what only a running network has: counts of connected machines
 * (`connections=`), and for SR-IOV pools (`<pf>`) the list of their functions. Seen with libvirt 9.0.
 */
export function definitionsDiffer(running: string, persistent: string): boolean {
  return comparable(running) !== comparable(persistent);
}

function comparable(xml: string): string {
  const text = xml.replace(/ connections=(?:'\d+'|"\d+")/g, '').trim();
  if (!/<pf\s/.test(text)) return text;
  return text.replace(/<forward[\s>][\s\S]*?<\/forward>/, (forward) =>
    forward.replace(/\s*<(?:interface|address)\s[^<>]*\/>/g, ''));
}
