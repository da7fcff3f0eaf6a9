import { uuidSchema } from '../../../shared/domain/address';
import { unreadableReply } from '../json-reply';

/**
 * What `virsh net-list --uuid` and `virsh list --uuid` print: one UUID a line and an empty line at the end. Throws
 * AppError `reply.unreadable`.
 */
export function parseUuidList(command: string, stdout: string): string[] {
  const lines = stdout.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  for (const line of lines) {
    if (!uuidSchema.safeParse(line).success) throw unreadableReply(command, 'printed something else than UUIDs', line);
  }
  return [...new Set(lines.map((line) => line.toLowerCase()))];
}
