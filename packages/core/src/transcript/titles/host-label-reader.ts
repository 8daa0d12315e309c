import type { SourceLine } from '../open-section.ts';
import type { Title } from './titles.ts';
import { hostLabel, isTable, loopedOver, RULED, ruledName } from './host-labels.ts';

/** `for t in filter nat; do echo "== $t"; iptables -t $t -S; done` */
const LOOP = /(?:^|[\s;#$>])for +(\w+) +in .{1,500}? *; *do +(.{1,500}?) *; *done/;
/** `== nat`, `nat:`, `nat` */
const LOOPED_WORD = /^[=#*>~[_-]{0,20} *(\w{1,20}) *[\]=#*<~_-]{0,20}:?$/;

/** Finds lines that name a machine, and keeps what they hold for: the outputs and the unnamed prompts below them. */
export class HostLabels {
  /** The machines that a loop goes over. */
  private looped: readonly string[] = [];
  /** What a loop does with each of its words, and the name of the variable. */
  private body: readonly [variable: string, commands: string] | undefined;
  /** Where the line behind a line of dashes begins. */
  private ruled = -1;
  private label: string | undefined;

  /** A command that goes over machines: what it prints above each output may be their names. */
  noteLoop(command: string): void {
    const looped = loopedOver(command);
    if (looped.length === 0) return;
    this.looped = looped;
    const [, variable, commands] = LOOP.exec(command) ?? [];
    this.body = variable === undefined || commands === undefined ? undefined : [variable, commands];
  }

  /** The machine of a title: a label holds for prompts below it that name none. */
  hostOf(title: Exclude<Title, { readonly kind: 'fence' }>): string | undefined {
    if (title.host !== undefined) this.label = title.kind === 'host' && title.labelled === true ? title.host : undefined;
    return title.host ?? this.label;
  }

  /** The title that a line is, where an output or a command follows it; `begins` tells whether a text begins one. */
  read(line: SourceLine, head: string, following: string, begins: (text: string) => boolean): Title | undefined {
    this.noteLoop(head);
    const isRuled = this.ruled === line.start && RULED.test(following);
    if (RULED.test(head)) {
      this.ruled = line.next;
      return ruledName(following) === undefined ? undefined : { kind: 'fence' };
    }
    const word = LOOPED_WORD.exec(head.trim())?.[1];
    if (word !== undefined && this.body !== undefined && this.looped.includes(word) && isTable(word))
      return { kind: 'command', command: this.body[1].replaceAll(new RegExp(`\\$\\{?${this.body[0]}\\b\\}?`, 'g'), word) };
    const host = hostLabel(head, this.looped) ?? (isRuled ? ruledName(head) : undefined);
    if (host === undefined) return undefined;
    const next = following.replace(/^(?:`{3,}|-{3,}|={3,})\w*\s*$/, '');
    return isRuled || begins(next) || this.looped.includes(host) ? { kind: 'host', host, labelled: true } : undefined;
  }
}
