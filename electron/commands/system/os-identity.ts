import { osReleaseValue } from './os-release';

/** There when the system runs from an image that rpm-ostree manages. Source: rpm-ostree(1). */
export const ostreeMarkArgv: readonly string[] = ['ls', '-1', '/run/ostree-booted'];
/** There when PID 1 is systemd. Source: sd_booted(3). */
export const systemdMarkArgv: readonly string[] = ['ls', '-d', '/run/systemd/system'];

/** ID and ID_LIKE of os-release(5), lower-case. */
export function parseOsIdentity(stdout: string): { id: string; like: string[] } {
  const words = (key: string): string[] => (osReleaseValue(stdout, key) ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return { id: words('ID')[0] ?? '', like: words('ID_LIKE') };
}
