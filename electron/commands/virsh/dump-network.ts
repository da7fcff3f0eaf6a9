/** For the persistent virsh. Without `inactive`: the running definition where there is one. Source: virsh(1), net-dumpxml. */
export function dumpNetworkArgv(uuid: string, options: { inactive: boolean }): string[] {
  return options.inactive ? ['net-dumpxml', '--inactive', uuid] : ['net-dumpxml', uuid];
}

/**
 * Does the next start use another definition than the one that runs? libvirt writes both with the same code, so equal
 * definitions are equal texts, except for what it only gives a running network: counts of connected machines
 * (`connections=`), the ports that NAT uses by default, and for SR-IOV pools (`<pf>`) the list of their functions. Metadata is
 * others' notes, which no start uses. Seen with
 * libvirt 9.0 (networkStartNetwork in src/network/bridge_driver.c).
 */
export function definitionsDiffer(running: string, persistent: string): boolean {
  return comparable(running) !== comparable(persistent);
}

function comparable(xml: string): string {
  return xml
    .replace(/ connections=(?:'\d+'|"\d+")/g, '')
    .replace(/\s*<metadata>[^]*?<\/metadata>/, '')
    .replace(/<forward[\s>][^]*?<\/forward>/, (forward) => {
      const pool = /<pf\s/.test(forward) ? forward.replace(/\s*<(?:interface|address)\s[^<>]*\/>/g, '') : forward;
      return pool
        .replace(/\s*<port start='1024' end='65535'\/>/, '')
        .replace(/<nat>\s*<\/nat>/, '')
        .replace(/<nat( [^<>]*)>\s*<\/nat>/, '<nat$1/>')
        .replace(/^<forward([^<>]*)>\s*<\/forward>$/, '<forward$1/>');
    })
    .trim();
}
