import { Duplex } from 'node:stream';
import type { NetworkState } from './host-state';
import { familyOf, toNumber } from './linux/address-math';
import { currentLeases } from './libvirt/leases';
import type { World } from './world';

const types = { A: 1, PTR: 12, TXT: 16, AAAA: 28 };
const noError = 0;
const nameError = 3;
const refused = 5;

interface Question { name: string; type: number; end: number }

/**
 * The network's dnsmasq at the other end of a TCP connection: answers queries (RFC 1035; framed by RFC 7766) for its own
 * names, refuses the rest, for nothing behind it exists.
 */
export function answerDns(world: World, network: NetworkState): Duplex {
  let received = Buffer.alloc(0);
  const stream = new Duplex({
    read() {
      // Answers are pushed as they are ready.
    },
    write(chunk: Buffer, _encoding, done) {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const length = received.readUInt16BE(0);
        const reply = answerQuery(world, network, received.subarray(2, 2 + length));
        received = received.subarray(2 + length);
        if (!reply) continue;
        const frame = Buffer.alloc(2);
        frame.writeUInt16BE(reply.length, 0);
        stream.push(Buffer.concat([frame, reply]));
      }
      done();
    },
    final(done) {
      stream.push(null);
      done();
    },
  });
  return stream;
}

/** One message in, one out; null when it is too broken to answer. */
export function answerQuery(world: World, network: NetworkState, query: Buffer): Buffer | null {
  const question = readQuestion(query);
  if (!question) return null;
  const { code, answers } = resolve(world, network, question);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  const authoritative = code === refused ? 0 : 0x0400;
  header.writeUInt16BE(0x8080 | (query.readUInt16BE(2) & 0x0100) | authoritative | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(12, question.end), ...answers.map((data) => record(question.type, data))]);
}

function readQuestion(query: Buffer): Question | null {
  if (query.length < 12 || query.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63) return null;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length));
    at += length;
  }
  if (at + 4 > query.length) return null;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at), end: at + 4 };
}

function resolve(world: World, network: NetworkState, { name, type }: Question): { code: number; answers: Buffer[] } {
  const known = knownNames(world, network);
  if (type === types.PTR) {
    const found = [...known].find(([, addresses]) => addresses.some((address) => pointerName(address) === name));
    return found ? { code: noError, answers: [encodeName(found[0])] } : { code: refused, answers: [] };
  }
  if (type === types.TXT && (name === 'version.bind' || name === 'version.server')) {
    const text = Buffer.from('dnsmasq-2.90');
    return { code: noError, answers: [Buffer.concat([Buffer.from([text.length]), text])] };
  }
  const addresses = known.get(name);
  if (!addresses) {
    const domain = network.running?.domain;
    const ours = domain && (name === domain.name.toLowerCase() || name.endsWith(`.${domain.name.toLowerCase()}`));
    return { code: ours || !name.includes('.') ? nameError : refused, answers: [] };
  }
  const family = type === types.A ? 'inet' : type === types.AAAA ? 'inet6' : null;
  return { code: noError, answers: addresses.filter((address) => familyOf(address) === family).map(addressBytes) };
}

/** Names that dnsmasq knows: records, static leases, leases with a name; each alone and in the network's domain. */
function knownNames(world: World, network: NetworkState): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const domain = network.running?.domain?.name.toLowerCase();
  const add = (name: string, address: string) => {
    const plain = name.toLowerCase();
    for (const key of domain && !plain.includes('.') ? [plain, `${plain}.${domain}`] : [plain]) names.set(key, [...(names.get(key) ?? []), address]);
  };
  for (const { ip, hostnames } of network.running?.dns.hosts ?? []) for (const hostname of hostnames) add(hostname, ip);
  for (const ip of network.running?.ips ?? []) for (const host of ip.dhcp?.hosts ?? []) if (host.name && host.ip) add(host.name, host.ip);
  for (const lease of currentLeases(world, network)) if (lease.hostname && !names.has(lease.hostname.toLowerCase())) add(lease.hostname, lease.address);
  return names;
}

function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // A pointer to the name in the question, at byte 12 (RFC 1035, 4.1.4).
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(type === types.TXT ? 3 : 1, 4);
  head.writeUInt32BE(0, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function addressBytes(address: string): Buffer {
  const hex = toNumber(address).toString(16).padStart(address.includes(':') ? 32 : 8, '0');
  return Buffer.from(hex, 'hex');
}

function encodeName(name: string): Buffer {
  return Buffer.concat([...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])), Buffer.from([0])]);
}

function pointerName(address: string): string {
  if (!address.includes(':')) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...addressBytes(address).toString('hex')].reverse().join('.')}.ip6.arpa`;
}
