/** Senders of UDP, for the shell of a full machine; each prints a number. Datagrams of 1372 bytes: frames of 1414. */

const send = (host: string): string => `python3 -c '
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end: out.sendto(bytes(1372), (sys.argv[1], 9999))
' ${host} "$seconds"`;

/** Kilobytes per second of frames, by what a socket gets. The receiver says that it listens by the file it makes. */
const receive = (address: string): string => `python3 -c '
import socket, sys, time
got = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
got.bind((sys.argv[1], 9999))
got.settimeout(0.2)
open("/run/kinds-listens", "w").close()
end, total = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
  try: total += len(got.recv(65536)) + 42
  except TimeoutError: pass
print(round(total / float(sys.argv[2]) / 1000, 1))
' ${address} "$seconds"`;

/** BRIDGE in|out OWN PEER SECONDS: between the bridge's own address and a namespace that is PEER on it. */
export const peerScript = `
bridge=$1 way=$2 own=$3 peer=$4 seconds=$5
ip netns del peer 2>/dev/null
set -e
ip netns add peer
ip link add kinds0 type veth peer name eth0 netns peer
ip link set kinds0 master "$bridge" up
ip -n peer addr add "$peer/24" dev eth0
ip -n peer link set eth0 up
until ip netns exec peer ping -q -c 1 -W 1 "$own" >/dev/null; do :; done
rm -f /run/kinds-listens
if [ "$way" = in ]; then from= to='ip netns exec peer' address=$peer; else from='ip netns exec peer' to= address=$own; fi
$to ${receive('"$address"')} >/run/kinds-result &
until [ -e /run/kinds-listens ]; do sleep .05; done
$from ${send('"$address"')}
wait
cat /run/kinds-result
ip netns del peer
`;

/** BRIDGE TAP ADDRESS MAC SECONDS: to a machine that doesn't answer. Frames that got to the tap, whether it had room for them or not. */
export const sendScript = `
bridge=$1 tap=$2 address=$3 mac=$4 seconds=$5
set -e
ip neigh replace "$address" lladdr "$mac" dev "$bridge" nud permanent
bridge fdb replace "$mac" dev "$tap" master static
count() { echo $(($(cat "/sys/class/net/$tap/statistics/tx_packets") + $(cat "/sys/class/net/$tap/statistics/tx_dropped"))); }
before=$(count)
${send('"$address"')}
echo $(($(count) - before))
ip neigh del "$address" dev "$bridge"
bridge fdb del "$mac" dev "$tap" master
`;
