import { printCount, printMaskedMark } from '@netdrift/core';
import type { IpSet, Ipset, Member, SetOptions, UnknownMember } from './ast.ts';
import { printElement, printPaddedMark } from './elements.ts';
import { findSetType } from './set-types.ts';
import { printToolError } from './tool-errors.ts';

/**
 * The text that ipset prints for a value of `parseIpset`: for real output the same characters.
 *
 * A listing is printed with the lines whose facts its sets have; a save as `create` and `add` lines that `ipset restore`
 * takes, each set before its members. A set without a type has no `create` line.
 *
 * @example
 * printIpset(parseIpset('add  web 10.0.0.1\ncreate web iphash\n').value) // => 'create web hash:ip\nadd web 10.0.0.1\n'
 */
export function printIpset(value: Ipset): string {
  switch (value.kind) {
    case 'ToolError':
      return `${printToolError(value)}\n`;
    case 'IpsetSave':
      return value.sets.map(printSavedSet).join('');
    case 'IpsetList':
      if (value.layout.form === 'names') return value.sets.map(({ name }) => `${name}\n`).join('');
      return value.sets.map(printListedSet).join('\n');
  }
}

/** lib/session.c `list_create`: each line is there when the kernel gave its figure. */
function printListedSet({ name, type, revision, options, memory, references, entries, members }: IpSet): string {
  const lines = [
    `Name: ${name}`,
    ...(type === undefined ? [] : [`Type: ${type}`]),
    ...(revision === undefined ? [] : [`Revision: ${revision}`]),
    ...(options === undefined ? [] : [`Header:${printOptions(options, type)}`]),
    ...(memory === undefined ? [] : [`Size in memory: ${memory}`]),
    ...(references === undefined ? [] : [`References: ${references}`]),
    ...(entries === undefined ? [] : [`Number of entries: ${entries}`]),
    ...(members === undefined ? [] : ['Members:', ...members.map(printMember)]),
  ];
  return `${lines.join('\n')}\n`;
}

function printSavedSet({ name, type, options = {}, members = [] }: IpSet): string {
  const lines = [
    ...(type === undefined ? [] : [`create ${name} ${type}${printOptions(options, type)}`]),
    ...members.map((member) => `add ${name} ${printMember(member)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The order of `.args` in the newest revision of each type, lib/ipset_hash_ip.c and its neighbours in ipset 7.21. */
function printOptions(options: SetOptions, type: string | undefined): string {
  const { family, range, size, markmask, hashsize, maxelem, netmask, bitmask, timeout, bucketsize, initval, unknown } = options;
  const masks = `${valued('netmask', netmask)}${valued('bitmask', bitmask)}`;
  const early = findSetType(type)?.maskPlace === 'early';
  return [
    valued('family', family),
    valued('markmask', markmask === undefined ? undefined : printPaddedMark(markmask)),
    valued('hashsize', hashsize),
    valued('maxelem', maxelem),
    valued('range', range === undefined ? undefined : `${range.first}-${range.last}`),
    valued('size', size),
    early ? masks : '',
    valued('timeout', timeout),
    options.counters === true ? ' counters' : '',
    options.comment === true ? ' comment' : '',
    options.forceadd === true ? ' forceadd' : '',
    options.skbinfo === true ? ' skbinfo' : '',
    valued('bucketsize', bucketsize),
    valued('initval', initval === undefined ? undefined : printPaddedMark(initval)),
    early ? '' : masks,
    unknown === undefined ? '' : ` ${unknown}`,
  ].join('');
}

function valued(keyword: string, value: string | number | undefined): string {
  return value === undefined ? '' : ` ${keyword} ${value}`;
}

/** lib/session.c `list_adt`: the element, then the options in the order of `.args` of the type's `add`. */
function printMember(member: Member | UnknownMember): string {
  if (member.kind === 'UnknownMember') return member.text;
  const { elements, timeout, nomatch, wildcard, packets, bytes, comment, skbmark, skbprio, skbqueue } = member;
  return [
    elements.map(printElement).join(','),
    valued('timeout', timeout),
    nomatch === true ? ' nomatch' : '',
    wildcard === true ? ' wildcard' : '',
    valued('packets', packets === undefined ? undefined : printCount(packets)),
    valued('bytes', bytes === undefined ? undefined : printCount(bytes)),
    valued('comment', comment === undefined ? undefined : `"${comment}"`),
    valued('skbmark', skbmark === undefined ? undefined : printMaskedMark({ value: skbmark.mark, mask: skbmark.mask })),
    valued('skbprio', skbprio === undefined ? undefined : `${skbprio.major.toString(16)}:${skbprio.minor.toString(16)}`),
    valued('skbqueue', skbqueue),
  ].join('');
}
