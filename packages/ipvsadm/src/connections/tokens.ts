import { tokenSet, wordTable, type TokenCode } from '@netdrift/core';

/** The token types of lists of connections; in the rows all are told by place. */
export const tokens = tokenSet();

/** A word that stands where no word is expected. */
export const stray = tokens.add('Stray');

const listTitle = ['pro', 'expire', 'state', 'source', 'virtual', 'destination'] as const;
const engineTitle = ['pe', 'name', 'pe_data'] as const;
const procTitle = ['Pro', 'FromIP', 'FPrt', 'ToIP', 'TPrt', 'DestIP', 'DPrt', 'State', 'Expires', 'PEName', 'PEData'] as const;
const heading = ['IPVS', 'connection', 'entries'] as const;

const codes = new Map<string, TokenCode>(
  [...heading, ...listTitle, ...engineTitle, ...procTitle].map((word) => [word, tokens.add(`title ${word}`)] as const),
);

/** The title lines, each a sequence of fixed words. */
export const titles = {
  /** `IPVS connection entries` */
  heading: heading.map(titleWord),
  /** `pro expire state       source             virtual            destination` */
  list: listTitle.map(titleWord),
  /** `pe name          pe_data`, with `--persistent-conn` */
  engine: engineTitle.map(titleWord),
  /** `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData` */
  proc: procTitle.map(titleWord),
} as const;

function titleWord(word: string): TokenCode {
  return codes.get(word) ?? stray;
}

export const titleWords = wordTable(codes);

/** `TCP` at the start of a row of `ipvsadm -lc` */
export const listProtocol = tokens.add('ListProtocol');
/** `TCP` at the start of a row of `/proc/net/ip_vs_conn` */
export const procProtocol = tokens.add('ProcProtocol');
/** `14:45`, minutes and seconds */
export const clock = tokens.add('Clock');
/** `883`, seconds */
export const seconds = tokens.add('Seconds');
/** `ESTABLISHED`, `C-SENT`, `ERR!` */
export const state = tokens.add('State');
/** `10.0.0.1:443` */
export const place = tokens.add('Place');
/** `0A000001` */
export const hexAddress = tokens.add('HexAddress');
/** `01BB` */
export const hexPort = tokens.add('HexPort');
/** `sip` */
export const engineName = tokens.add('EngineName');
/** `f81d4fae-7dec-11d0-a765@example.com`, up to the end of the line */
export const engineData = tokens.add('EngineData');
