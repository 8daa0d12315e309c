import { tokenSet, wordTable, type TokenCode } from '@netdrift/core';

/** The token types of listings and saves; most are told by the place of a word in its line. */
export const tokens = tokenSet();

/** Any word. */
export const word = tokens.add('Word');
/** A word that is no keyword where it stands. */
export const plainWord = tokens.add('PlainWord', word);
/** The word after a keyword that takes one: `timeout 600` */
export const value = tokens.add('Value', word);
/** `"web servers"` */
export const quoted = tokens.add('Quoted', word);
/** The name of a set, which may hold blanks. */
export const setName = tokens.add('SetName');
/** The name of a type: `hash:ip,port` */
export const typeName = tokens.add('TypeName');

/** `Name: KUBE-CLUSTER-IP` and the other lines of a set's head, each with its own label. */
export const nameLabel = tokens.add('NameLabel');
export const typeLabel = tokens.add('TypeLabel');
export const revisionLabel = tokens.add('RevisionLabel');
export const headerLabel = tokens.add('HeaderLabel');
export const memoryLabel = tokens.add('MemoryLabel');
export const referencesLabel = tokens.add('ReferencesLabel');
export const entriesLabel = tokens.add('EntriesLabel');
export const membersLabel = tokens.add('MembersLabel');
/** `create`, `add` of a save. */
export const create = tokens.add('Create');
export const add = tokens.add('Add');
/** `-exist` in text for restore: does not matter what exists. */
export const exist = tokens.add('Exist', word);

/** The labels as printed: lib/session.c `list_create`, ipset 7.17. */
export const labels: readonly (readonly [text: string, code: TokenCode])[] = [
  ['Name: ', nameLabel],
  ['Type: ', typeLabel],
  ['Revision: ', revisionLabel],
  ['Header:', headerLabel],
  ['Size in memory: ', memoryLabel],
  ['References: ', referencesLabel],
  ['Number of entries: ', entriesLabel],
  ['Members:', membersLabel],
];

/** The commands that make and fill a set, with the spellings of ipset 4. */
export const commands = wordTable([
  ['create', create],
  ['-N', create],
  ['--create', create],
  ['add', add],
  ['-A', add],
  ['--add', add],
]);

/** One keyword of a header or of a member. */
export interface Keyword {
  readonly text: string;
  readonly code: TokenCode;
  /** Whether the next word belongs to it. */
  readonly takesValue: boolean;
}

function keyword(text: string, takesValue: boolean, place: string): Keyword {
  return { text, code: tokens.add(`${place}:${text}`, word), takesValue };
}

const createFlags = ['counters', 'comment', 'forceadd', 'skbinfo'].map((text) => keyword(text, false, 'create'));
const createValues = [
  'family',
  'range',
  'size',
  'markmask',
  'hashsize',
  'maxelem',
  'netmask',
  'bitmask',
  'timeout',
  'bucketsize',
  'initval',
].map((text) => keyword(text, true, 'create'));
const memberFlags = ['nomatch', 'wildcard'].map((text) => keyword(text, false, 'add'));
const memberValues = ['timeout', 'packets', 'bytes', 'comment', 'skbmark', 'skbprio', 'skbqueue'].map((text) => keyword(text, true, 'add'));

/** The words after `Header:` or `create NAME TYPE`: `hashsize 1024`, `counters` */
export const createKeywords: readonly Keyword[] = [...createValues, ...createFlags];
/** The words after a member: `timeout 600`, `nomatch` */
export const memberKeywords: readonly Keyword[] = [...memberValues, ...memberFlags];

/** The element of a member, one for each dimension that a type can have. */
export const elements = {
  ip: tokens.add('IpElement'),
  net: tokens.add('NetElement'),
  port: tokens.add('PortElement'),
  mac: tokens.add('MacElement'),
  mark: tokens.add('MarkElement'),
  iface: tokens.add('InterfaceElement'),
  set: tokens.add('SetElement'),
  /** In a set whose type is not shown or not known. */
  any: tokens.add('AnyElement'),
} as const;

/** What a dimension of a type holds. */
export type Dimension = keyof typeof elements;
