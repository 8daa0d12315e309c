import { portDecoder, type Line } from '@netdrift/core';
import type { Destination, ForwardMethod, Persistence, ServiceProtocol, Tunnel, VirtualService } from '../ast.ts';
import type { Draft } from '../draft.ts';
import { wholeLocation, type Location } from '../location.ts';
import { refuseOtherMask } from '../mask-family.ts';
import { engineName, flagsOf, mark, natural, persistenceMask, schedulerName, tunnelType, weight as weightValue } from '../values.ts';

/** What the options of one line say, by what they are about. */
export interface Facts {
  readonly protocol?: ServiceProtocol;
  readonly place?: Location;
  readonly fwmark?: number;
  readonly ipv6?: true;
  readonly scheduler?: string;
  readonly persistent?: true;
  readonly timeout?: number;
  readonly mask?: string;
  readonly prefixLength?: number;
  readonly engine?: string;
  readonly ops?: true;
  readonly flags?: readonly string[];
  readonly server?: Location;
  readonly forward?: ForwardMethod;
  readonly weight?: number;
  readonly upperThreshold?: number;
  readonly lowerThreshold?: number;
  readonly tunType?: string;
  readonly tunPort?: number;
  readonly checksum?: 'nocsum' | 'csum' | 'remcsum';
  readonly bareWords?: true;
}

/** `-A …`: a service without destinations yet. */
export interface AddService {
  readonly kind: 'AddService';
  readonly service: VirtualService;
  readonly bareWords: boolean;
}

/** `-a …`: a destination, and the service that it is added to. */
export interface AddServer {
  readonly kind: 'AddServer';
  readonly service: VirtualService;
  readonly destination: Destination;
}

/** A line of a save. */
export type Rule = AddService | AddServer;

const serviceOf =
  (protocol: ServiceProtocol) =>
  (line: Line, value: number): Facts => ({ protocol, place: line.read(value, wholeLocation) });

export const tcp = serviceOf('TCP');
export const udp = serviceOf('UDP');
export const sctp = serviceOf('SCTP');
export const otherProtocol = serviceOf('?');

export const fwmark = (line: Line, value: number): Facts => ({ fwmark: line.read(value, mark) });
export const ipv6 = (): Facts => ({ ipv6: true });
export const scheduler = (line: Line, value: number): Facts => ({ scheduler: line.read(value, schedulerName) });
export const persistent = (line: Line, value: number): Facts =>
  line.flag(value) ? { persistent: true, timeout: line.read(value, natural) } : { persistent: true };
export const netmask = (line: Line, value: number): Facts => line.read(value, persistenceMask);
export const engine = (line: Line, value: number): Facts => ({ engine: line.read(value, engineName) });
export const bareEngine = (line: Line, value: number): Facts => ({ engine: line.read(value, engineName), bareWords: true });
export const ops = (): Facts => ({ ops: true });
export const bareOps = (): Facts => ({ ops: true, bareWords: true });
export const schedFlags = (line: Line, value: number): Facts => ({ flags: line.flag(value) ? flagsOf(line.text(value)) : [] });

export const realServer = (line: Line, value: number): Facts => ({ server: line.read(value, wholeLocation) });
export const masquerading = (): Facts => ({ forward: 'Masq' });
export const gatewaying = (): Facts => ({ forward: 'Route' });
export const ipip = (): Facts => ({ forward: 'Tunnel' });
export const nullMethod = (): Facts => ({ forward: '(null)' });
export const weight = (line: Line, value: number): Facts => ({ weight: line.read(value, weightValue) });
export const upper = (line: Line, value: number): Facts => ({ upperThreshold: line.read(value, natural) });
export const lower = (line: Line, value: number): Facts => ({ lowerThreshold: line.read(value, natural) });
export const tunType = (line: Line, value: number): Facts => ({ tunType: line.read(value, tunnelType) });
export const tunPort = (line: Line, value: number): Facts => ({ tunPort: line.read(value, portDecoder) });
export const tunNocsum = (): Facts => ({ checksum: 'nocsum' });
export const tunCsum = (): Facts => ({ checksum: 'csum' });
export const tunRemcsum = (): Facts => ({ checksum: 'remcsum' });

export function addService(line: Line, command: number, options: readonly Facts[]): AddService {
  const facts = collect(line, command, options);
  const markFamily = facts.ipv6 === true ? '::' : '0.0.0.0';
  refuseOtherMask(line, command, facts.fwmark === undefined ? facts.place?.address : markFamily, facts);
  const draft: Draft<Partial<VirtualService>> = {};
  if (facts.scheduler !== undefined) draft.scheduler = facts.scheduler;
  if (facts.flags !== undefined) draft.flags = facts.flags;
  const persistence = persistenceOf(facts);
  if (persistence !== undefined) draft.persistence = persistence;
  if (facts.ops === true) draft.ops = true;
  return { kind: 'AddService', service: serviceNode(line, command, facts, draft), bareWords: facts.bareWords === true };
}

export function addServer(line: Line, command: number, options: readonly Facts[]): AddServer {
  const facts = collect(line, command, options);
  if (facts.server === undefined) line.refuse(command, 'a command with a destination (-r)');
  const draft: Draft<Partial<Destination>> = {};
  if (facts.forward !== undefined) draft.forward = facts.forward;
  const tunnel = tunnelOf(facts);
  if (tunnel !== undefined) draft.tunnel = tunnel;
  if (facts.weight !== undefined) draft.weight = facts.weight;
  if (facts.upperThreshold !== undefined) draft.upperThreshold = facts.upperThreshold;
  if (facts.lowerThreshold !== undefined) draft.lowerThreshold = facts.lowerThreshold;
  // A line without -r is refused above, and its node thrown away.
  const destination: Destination = { kind: 'Destination', ...facts.server, ...draft, span: line.lineSpan() } as Destination;
  return { kind: 'AddServer', service: serviceNode(line, command, facts, {}), destination };
}

/** All facts of a line; two options about one thing are an error, as they are for ipvsadm. */
function collect(line: Line, command: number, options: readonly Facts[]): Facts {
  const all: Draft<Facts> = {};
  // After a refusal a value is missing, and the node is thrown away.
  if (line.refusal !== undefined) return all;
  let keys = 0;
  for (const option of options) {
    Object.assign(all, option);
    keys += Object.keys(option).length - (option.bareWords === true ? 1 : 0);
  }
  if (keys !== Object.keys(all).length - (all.bareWords === true ? 1 : 0)) line.refuse(command, 'a command with each option once');
  return all;
}

function serviceNode(line: Line, command: number, facts: Facts, draft: Partial<VirtualService>): VirtualService {
  const identity = identityOf(facts);
  if (identity === undefined) line.refuse(command, 'a command with one service (-t, -u, --sctp-service or -f)');
  // A line without an identity is refused above, and its node thrown away.
  return { kind: 'VirtualService', ...identity, ...draft, destinations: [], span: line.lineSpan() } as VirtualService;
}

function identityOf({ protocol, place, fwmark: number, ipv6: six }: Facts): object | undefined {
  if (number !== undefined) return place === undefined ? { fwmark: number, family: six === true ? 'ipv6' : 'ipv4' } : undefined;
  return place === undefined || six === true ? undefined : { protocol, ...place };
}

function persistenceOf(facts: Facts): Persistence | undefined {
  const persistence: Draft<Persistence> = {};
  if (facts.timeout !== undefined) persistence.timeout = facts.timeout;
  if (facts.mask !== undefined) persistence.mask = facts.mask;
  if (facts.prefixLength !== undefined) persistence.prefixLength = facts.prefixLength;
  if (facts.engine !== undefined) persistence.engine = facts.engine;
  return facts.persistent === true || Object.keys(persistence).length > 0 ? persistence : undefined;
}

function tunnelOf({ tunType: type, tunPort: port, checksum }: Facts): Tunnel | undefined {
  if (type === undefined && port === undefined && checksum === undefined) return undefined;
  const tunnel: Draft<Tunnel> = { type: type ?? 'ipip' };
  if (port !== undefined) tunnel.port = port;
  if (checksum !== undefined) tunnel.checksum = checksum;
  return tunnel;
}
