import { lastFlag } from '../read/kinds/node-knowledge.ts';
import type { NodeView } from '../services/node-facts.ts';
import { openGates } from './endpoint-rules.ts';
import { type InputsUsed, inputsUsed, readingKey } from './inputs-used.ts';
import { nodeIdentity, nodeObject } from './node-identity.ts';
import type { ProxySettings } from './settings.ts';
import {
  flagOf,
  gatesOf,
  interfaceAddresses,
  listOf,
  masqueradesAll,
  modeOf,
  numberOf,
  podsOf,
  schedulerOf,
  tellsFlags,
  textOf,
  zonesOf,
} from './told-settings.ts';

/** Something that no input tells and that was taken to be so. */
export interface SettingAssumption {
  readonly what: 'mode' | 'version' | 'node name' | 'zone' | 'feature gates' | 'node addresses' | 'pod ranges';
  readonly text: string;
}

/** How kube-proxy runs on a node, as far as it is known. */
export interface KnownSettings {
  /** What is known, and assumptions for the rest. */
  readonly settings: ProxySettings;
  /** Settings that fit what is known as well, and could choose other endpoints. */
  readonly others: readonly ProxySettings[];
  /** Nothing tells which node this is, so that no endpoint is known to be local or not. */
  readonly nodeIsOpen: boolean;
  /** Whether anything tells how pods are told from others, and whether everything is masqueraded. */
  readonly podsAreKnown: boolean;
  /** The local addresses are only those at which node ports were seen to answer. */
  readonly addressesAreSeen?: true;
  /** Whether a log or a configuration file tells the flags. */
  readonly flagsAreKnown: boolean;
  readonly assumptions: readonly SettingAssumption[];
}

/** What the caller knows for certain. */
export interface GivenSettings {
  readonly nodeName?: string;
  /** `1.30` or `v1.30.3`. */
  readonly version?: string;
  readonly mode?: ProxySettings['mode'];
}

/** The newest version of which output was compared with what is computed here. */
const NEWEST_SEEN = 30;

/** The first version with nftables mode. */
const NFTABLES_FROM = 29;

/** Versions at which kube-proxy chooses endpoints or makes paths in another way. */
const TURNING_POINTS: readonly number[] = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 33, 34, 35];

/**
 * How kube-proxy runs on a node: by what was given, its log and configuration, the node's own tables, and the objects of its cluster.
 *
 * @param asked the snapshot that holds the objects; may be the same
 */
export function knownSettings(node: NodeView, asked: NodeView, given: GivenSettings = {}): KnownSettings {
  const { knowledge, facts } = node;
  const assumptions: SettingAssumption[] = [];
  const assume = (what: SettingAssumption['what'], text: string): void => void assumptions.push({ what, text });
  const identity = given.nodeName === undefined ? nodeIdentity(node, asked) : { name: given.nodeName };
  const nodeName = identity?.name ?? '';
  if (nodeName === '') assume('node name', 'no input tells the name of the node: which endpoints are local is not known');
  const object = nodeObject(node, asked, nodeName);
  if (object === undefined && nodeName !== '') assume('zone', `no Node object of ${nodeName} is given: its zone is not known`);
  const mode = given.mode ?? modeOf(node);
  const minors = possibleMinors(node, given, mode === 'nftables' ? NFTABLES_FROM : 0);
  const [minor = NEWEST_SEEN] = minors;
  if (minors.length !== 1) assume('version', `no input tells the version of kube-proxy: 1.${minor} is assumed`);
  const gates = gatesOf(knowledge);
  if (gates === undefined && openGates(minor).length > 0)
    assume('feature gates', 'no input tells the feature gates of kube-proxy: their defaults are assumed');
  const localAddresses = interfaceAddresses(node);
  const nodeAddresses = [...new Set([...(object?.addresses ?? []), ...knowledge.nodeAddresses])];
  if (mode === undefined) assume('mode', 'no input tells the mode of kube-proxy: ipvs is assumed');
  const settings: ProxySettings = {
    mode: mode ?? 'ipvs',
    minor,
    nodeName,
    ...(object?.zone === undefined ? {} : { zone: object.zone }),
    nodeAddresses,
    ...(localAddresses === undefined ? {} : { localAddresses }),
    ...podsOf(node, object?.podCidrs ?? []),
    masqueradeAll: masqueradesAll(node, mode),
    ...optional(
      'masqueradeBit',
      numberOf(flagOf(knowledge, 'iptables-masquerade-bit', textOf(knowledge.configuration?.value.masqueradeBit))) ??
        facts.masqueradeBit?.value,
    ),
    ...optional('scheduler', schedulerOf(node)),
    nodePortAddresses: listOf(lastFlag(knowledge.log, 'nodeport-addresses')) ?? knowledge.configuration?.value.nodePortAddresses ?? [],
    excludeCidrs: listOf(lastFlag(knowledge.log, 'ipvs-exclude-cidrs')) ?? knowledge.configuration?.value.excludeCidrs ?? [],
    ...optional('gates', gates),
  };
  return {
    settings,
    others: otherSettings(settings, minors, gates === undefined, object === undefined ? zonesOf(asked) : [], inputsUsed(asked.knowledge)),
    nodeIsOpen: nodeName === '',
    flagsAreKnown: tellsFlags(knowledge),
    podsAreKnown: tellsFlags(knowledge) || facts.clusterCidr !== undefined || settings.podRanges.length > 0,
    assumptions,
  };
}

/** The versions that fit, the most likely first. */
function possibleMinors({ facts }: NodeView, { version }: GivenSettings, first: number): readonly number[] {
  const from = minorOf(facts.generation?.value.from);
  const before = minorOf(facts.generation?.value.before);
  const given = minorOf(version);
  if (given !== undefined) return [given];
  const told = minorOf(facts.version?.value);
  const fits = (minor: number): boolean => minor >= (from ?? first) && minor < (before ?? Infinity);
  if (told !== undefined && fits(told)) return [told];
  const likely = from ?? (before === undefined ? NEWEST_SEEN : before - 1);
  const fitting = TURNING_POINTS.filter(fits);
  // A version that cannot have written the tables is that of another time, or the tables were changed by hand.
  if (told !== undefined) return [...new Set([told, ...fitting])];
  return [...new Set([Math.max(likely, Math.min(NEWEST_SEEN, (before ?? Infinity) - 1)), ...fitting])];
}

function minorOf(version: string | undefined): number | undefined {
  const minor = version === undefined ? undefined : /^v?1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/**
 * Settings with another version, other gates or another zone, each way of choosing endpoints once; what no object has makes no difference.
 */
function otherSettings(
  settings: ProxySettings,
  minors: readonly number[],
  gatesOpen: boolean,
  zones: readonly string[],
  used: InputsUsed,
): ProxySettings[] {
  const found = new Map<string, ProxySettings>();
  const keyOf = (one: ProxySettings): string => readingKey(one, used);
  found.set(keyOf(settings), settings);
  for (const minor of minors) {
    const gateSets = [settings.gates, ...(gatesOpen ? openGates(minor).flatMap((name) => [{ [name]: true }, { [name]: false }]) : [])];
    for (const gates of gateSets) {
      for (const zone of [settings.zone, ...zones]) {
        const one: ProxySettings = { ...settings, minor, ...optional('gates', gates), ...optional('zone', zone) };
        if (!found.has(keyOf(one))) found.set(keyOf(one), one);
      }
    }
  }
  return [...found.values()].slice(1);
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [name in Key]?: Value } {
  // The key is there and names what the value is: an object with one property of that name.
  return value === undefined ? {} : ({ [key]: value } as { readonly [name in Key]?: Value });
}
