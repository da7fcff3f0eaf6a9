import type { HostProblem, HostSnapshot } from '../../shared/domain/snapshot';

type Problems = Pick<HostSnapshot, 'problems'> | null;

/** What is wrong with libvirt on a host, if anything: then its networks and machines are neither read nor changed. */
export const libvirtProblem = (snapshot: Problems): HostProblem | null => snapshot?.problems.find((problem) => problem.area === 'libvirt') ?? null;

/** What somebody should look at. A host without Open vSwitch is none of it: most have none and need none. */
export const pressingProblems = (snapshot: Problems): HostProblem[] => snapshot?.problems.filter((problem) => problem.code !== 'ovs.missing') ?? [];
