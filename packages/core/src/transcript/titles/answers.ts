import { timeIn } from './time.ts';

/** What a short answer tells of the outputs behind it. */
export interface Answer {
  readonly host?: string;
  readonly time?: string;
}

/** `hostname`, `hostname -f`, `uname -n`, `hostnamectl hostname`, `cat /etc/hostname`, alone or behind others of the line */
const ASKS_HOST = /(?:^|[\s;&|])(?:hostname(?: +-[fs])?|uname +-n|hostnamectl +(?:hostname|--static)|cat +\/etc\/hostname)\s*(?:$|[;&|])/;
const ASKS_TIME = /(?:^|[\s;&|])date(?:\s+[-+"'][^;&|]*)?\s*(?:$|[;&|])/;
const NAME = /^[A-Za-z0-9](?:[\w-]{0,62}[A-Za-z0-9])?(?:\.[\w-]{1,63}){0,9}$/;

/** What a line tells as the answer of `hostname` or `date`, which the command above it asked for; `undefined` for any other line. */
export function answerOf(line: string, command: string | undefined): Answer | undefined {
  if (command === undefined) return undefined;
  const text = line.trim();
  if (ASKS_TIME.test(command)) {
    const time = timeIn(text);
    if (time !== undefined && text.length < 60) return { time };
  }
  return ASKS_HOST.test(command) && NAME.test(text) ? { host: text } : undefined;
}
