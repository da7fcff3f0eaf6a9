/** For the persistent virsh. Without `inactive`: the running definition where there is one. Source: virsh(1), dumpxml. */
export function dumpMachineArgv(uuid: string, options: { inactive: boolean }): string[] {
  return options.inactive ? ['dumpxml', '--inactive', uuid] : ['dumpxml', uuid];
}
