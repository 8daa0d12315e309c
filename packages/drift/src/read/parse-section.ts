import type { Diagnostic, ParseResult, Section, SectionTool } from '@netdrift/core';
import { type Ipset, parseIpset, type ParseIpsetOptions } from '@netdrift/ipset';
import { type IptablesValue, parseIptables } from '@netdrift/iptables';
import { type IpvsadmValue, parseIpvsadm } from '@netdrift/ipvsadm';
import { type Modules, parseModules, type ParseModulesOptions } from '@netdrift/modules';
import { type Nftables, parseNftables } from '@netdrift/nftables';
import { askedSet } from './asked.ts';
import { logName } from './log-name.ts';
import { unreadOutput } from './readers/diagnostics.ts';
import { READERS } from './readers/readers.ts';
import type { ReaderValue } from './readers/reader.ts';

/** A section read by the parser or reader that knows its tool. Spans are offsets into the section's text. */
export type ParsedSection =
  | (ParseResult<IptablesValue> & { readonly tool: 'iptables' })
  | (ParseResult<IpvsadmValue> & { readonly tool: 'ipvsadm' })
  | (ParseResult<Ipset> & { readonly tool: 'ipset' })
  | (ParseResult<Modules> & { readonly tool: 'modules' })
  | (ParseResult<Nftables> & { readonly tool: 'nft' })
  | (ParseResult<ReaderValue> & { readonly tool: ReadTool })
  /** No reader could make anything of the text. */
  | { readonly tool: ReadTool; readonly value?: never; readonly diagnostics: readonly Diagnostic[] };

/** The tools whose output the small readers know; `version` is what any tool says of itself. */
export type ReadTool = Exclude<SectionTool, 'iptables' | 'ipvsadm' | 'ipset' | 'modules' | 'nft'> | 'version';

/** What of a section its parser needs; without `form` the text tells which output of the tool it is. */
export type SectionText = Pick<Section, 'tool' | 'family' | 'text'> & Partial<Pick<Section, 'form' | 'command' | 'program' | 'args'>>;

/**
 * Reads one section of a transcript with the parser of its tool.
 *
 * @example
 * const [section] = readTranscript('Timeout (tcp tcpfin udp): 900 120 300\n').sections;
 * parseSection(section).value?.kind // => 'IpvsadmTimeouts'
 */
export function parseSection({ tool, form, family, command, program, args, text }: SectionText): ParsedSection {
  if (form === 'version') return readWithReaders('version', text);
  switch (tool) {
    case 'iptables':
      return { tool, ...parseIptables(text, family === undefined ? {} : { family }) };
    case 'ipvsadm':
      return { tool, ...parseIpvsadm(text) };
    case 'ipset':
      return { tool, ...parseIpset(text, form === 'names' ? { form } : setOptions(askedSet(args))) };
    case 'nft':
      return { tool, ...parseNftables(text, command === undefined ? {} : { command }) };
    case 'modules':
      return { tool, ...parseModules(text, modulesOptions(form)) };
    case 'log':
      return { tool, diagnostics: [unreadOutput(logName(program), { start: 0, end: text.length })] };
    default:
      return readWithReaders(tool, text);
  }
}

/** Members alone are those of the set that the command asked for. */
function setOptions(set: string | undefined): ParseIpsetOptions {
  return set === undefined ? {} : { set };
}

/** A grep that found nothing, or bare names, do not show which list of modules they are. */
function modulesOptions(form: SectionText['form']): ParseModulesOptions {
  switch (form) {
    case 'builtin':
    case 'lsmod':
    case 'names':
      return { form };
    case 'proc':
      return { form: 'proc-modules' };
    default:
      return {};
  }
}

function readWithReaders(tool: ReadTool, text: string): ParsedSection {
  for (const reader of READERS) {
    const value = reader.read(text);
    if (value !== undefined) return { tool, value, diagnostics: value.diagnostics ?? [] };
  }
  return { tool, diagnostics: [unreadOutput(`output of ${tool}`, { start: 0, end: text.length })] };
}
