import type { Format } from '../format.ts';

const FIELD = /^(?:Name|Type|Revision|Header|Size in memory|References|Number of entries|Members|Default binding|Bindings|Default):/;
/** `Type: hash:ip,port`, `Type: iphash` of version 4 */
const TYPE = /(?<!\w)Type: (?:(?:hash|bitmap|list):|\w{0,20}(?:hash|map|tree|setlist)\s*$)/;
/** `10.96.0.10,tcp:53`, `10.0.0.0/8 timeout 5 comment "x"`, `5.xx.xx.xxx <-- external IP` */
const MEMBER = /^(?=\S*\w)\S*[\d.:,/]\S*(?:\s+(?:timeout|comment|packets|bytes|nomatch|wildcard|skb\w+|<-|←|#).*)?\s*$/;

/** `KUBE-X`, `blocked timeout 99` of a set of sets */
const MEMBER_SET = /^[.-]*\w[\w.-]*(?: (?:timeout \d+|packets \d+|comment ".*").*)?$/;

/** `ipset list KUBE-CLUSTER-IP | tail -n +8`: whose members they are, the command tells. */
const LISTS_ONE = /\bipset\s+(?:list|-L|--list)\s+[A-Za-z]/;

export const ipsetList = {
  tool: 'ipset',
  form: 'list',
  programs: ['ipset'],
  blank: 'keep',
  loose: true,
  // A name alone is any text's; `next` has what stands before each line, as `> Type: hash:ip`.
  starts: (line, { next, command }) =>
    /^Name: \S+\s*$/.test(line) && TYPE.test(next())
      ? 'title'
      : /^Members:\s*$/.test(line) && LISTS_ONE.test(command ?? '')
        ? 'title'
        : undefined,
  continues: (line, { afterBlank }) =>
    FIELD.test(line) ? !/^Name: {2}/.test(line) : !afterBlank && (MEMBER.test(line) || MEMBER_SET.test(line)),
  once: (line) => (line.startsWith('Name: ') ? line.trim() : undefined),
} as const satisfies Format;

export const ipsetSave = {
  tool: 'ipset',
  form: 'save',
  hashComments: true,
  blank: 'drop',
  starts: (line) => (/^create \S+ (?:hash|bitmap|list):/.test(line) ? 'title' : /^add [A-Za-z]\S* \S*\d/.test(line) ? 'row' : undefined),
  continues: (line) => /^(?:create|add) \S+ \S/.test(line),
  isRestOfLine: (line) => !/^(?:create|add) /.test(line),
  once: (line) => (line.startsWith('create ') ? /^create \S+/.exec(line)?.[0] : undefined),
} as const satisfies Format;

/** `ipset list -n`: names alone, which only the command tells. */
export const ipsetNames = {
  tool: 'ipset',
  form: 'names',
  blank: 'end',
  loose: true,
  starts: (line, { command = '' }) =>
    /\bipset\s+(?:list|-L|--list)\s[^|;&]*(?:-n|-name)(?![\w-])|\bipset\s+-n\b/.test(command) && /^\S+$/.test(line) ? 'row' : undefined,
  continues: (line) => /^\S+$/.test(line),
} as const satisfies Format;
