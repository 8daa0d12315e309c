import type { Destination, Persistence, SaveLayout, Tunnel, VirtualService } from '../ast.ts';
import { printLocation } from '../location.ts';

/** The options that name a service: `-t 10.0.0.1:443`, `-f -1`, `-f 1 -6`. */
export function printIdentity(service: VirtualService): string {
  if (service.fwmark !== undefined) return `-f ${service.fwmark | 0}${service.family === 'ipv6' ? ' -6' : ''}`;
  if (service.match !== undefined) return `-H ${service.match}`;
  return `${protocolOption(service.protocol)} ${printLocation(service)}`;
}

function protocolOption(protocol: string): string {
  switch (protocol) {
    case 'TCP':
      return '-t';
    case 'UDP':
      return '-u';
    case 'SCTP':
      return '--sctp-service';
    default:
      return '--xxx-service';
  }
}

/** The lines of a service and its destinations as `ipvsadm -S` prints them. */
export function printRules(service: VirtualService, layout: SaveLayout): string {
  const identity = printIdentity(service);
  let text = `-A ${identity}${serviceOptions(service, layout.bareWords === true)}\n`;
  for (const destination of service.destinations) text += `-a ${identity} -r ${printLocation(destination)}${serverOptions(destination)}\n`;
  return text;
}

function serviceOptions({ scheduler, persistence, ops, flags }: VirtualService, bare: boolean): string {
  let text = scheduler === undefined ? '' : ` -s ${scheduler}`;
  if (persistence !== undefined) text += persistenceOptions(persistence, bare);
  if (ops === true) text += bare ? ' ops' : ' -o';
  return flags === undefined ? text : `${text} -b ${flags.join(',')}`;
}

function persistenceOptions({ timeout, mask, prefixLength, engine }: Persistence, bare: boolean): string {
  let text = timeout === undefined ? '' : ` -p ${timeout}`;
  if (timeout === undefined && engine === undefined) text = ' -p';
  if (mask !== undefined) text += ` -M ${mask}`;
  if (prefixLength !== undefined) text += ` -M ${prefixLength}`;
  if (engine !== undefined) text += `${bare ? ' pe' : ' --pe'} ${engine}`;
  return text;
}

function serverOptions({ forward, weight, upperThreshold, lowerThreshold, tunnel }: Destination): string {
  let text = forward === undefined ? '' : ` ${methodOption(forward)}`;
  if (weight !== undefined) text += ` -w ${weight}`;
  if (upperThreshold !== undefined) text += ` -x ${upperThreshold}`;
  if (lowerThreshold !== undefined) text += ` -y ${lowerThreshold}`;
  return tunnel === undefined ? text : text + tunnelOptions(tunnel);
}

/** ipvsadm writes `-g` for a local destination, and `(null)` for a method that it does not know. */
function methodOption(forward: string): string {
  switch (forward) {
    case 'Masq':
      return '-m';
    case 'Tunnel':
      return '-i';
    case 'Route':
    case 'Local':
      return '-g';
    default:
      return '(null)';
  }
}

function tunnelOptions({ type, port, checksum }: Tunnel): string {
  let text = ` --tun-type ${type}`;
  if (port !== undefined) text += ` --tun-port ${port}`;
  if (checksum !== undefined) text += ` --tun-${checksum}`;
  return text;
}
