import { endpointText } from '../../state/ipvs-table.ts';
import type { DesiredSet } from './ipvs-sets.ts';
import type { DesiredVirtualService } from './ipvs-tables.ts';

const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['tcp', '-t'],
  ['udp', '-u'],
  ['sctp', '--sctp-service'],
]);

/** Virtual services as `ipvsadm -Sn` prints them and `ipvsadm -R` takes them. */
export function printIpvsadm(services: readonly DesiredVirtualService[]): string {
  const lines = services.flatMap(({ protocol, address, port, scheduler, flags, persistence, destinations }) => {
    const where = `${PROTOCOLS.get(protocol) ?? '-t'} ${endpointText(address, port)}`;
    const affinity = persistence === undefined ? '' : ` -p ${persistence}`;
    const flagged = flags.length === 0 ? '' : ` -b ${flags.join(',')}`;
    return [`-A ${where} -s ${scheduler}${affinity}${flagged}`, ...destinations.map(({ text }) => `-a ${where} -r ${text} -m -w 1`)];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** Sets as `ipset restore` takes them, with the sizes that kube-proxy asks for. */
export function printIpset(sets: readonly DesiredSet[]): string {
  const lines = sets.flatMap(({ name, type, family, members }) => {
    const options = type === 'bitmap:port' ? 'range 0-65535' : `family ${family === 'ipv4' ? 'inet' : 'inet6'} hashsize 1024 maxelem 65536`;
    return [`create ${name} ${type} ${options}`, ...[...members.keys()].sort().map((member) => `add ${name} ${member}`)];
  });
  return lines.map((line) => `${line}\n`).join('');
}
