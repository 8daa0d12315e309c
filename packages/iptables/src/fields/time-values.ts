import { decodeWhole, type Codec } from '../codec.ts';

/** A list of days, and the days it leaves out. */
interface Days<T> extends Pick<Codec<readonly T[]>, 'expected' | 'decode'> {
  without(days: readonly T[]): readonly T[];
}

const NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTH = Array.from({ length: 31 }, (_, index) => index + 1);

/** `Mon,Fri`; restore files may say `Mo` or `1`. The days come in their order. */
export const WEEKDAYS: Days<string> = {
  expected: 'days of the week, joined by ","',
  decode(text) {
    const found = new Set<string>();
    for (const word of text.split(',')) {
      const day = /^[1-7]$/.test(word)
        ? NAMES[Number(word) - 1]
        : NAMES.find((name) => word.length > 1 && name.startsWith(word.slice(0, 3)));
      if (day === undefined) return undefined;
      found.add(day);
    }
    return NAMES.filter((name) => found.has(name));
  },
  without: (days) => NAMES.filter((name) => !days.includes(name)),
};

/** `1,2,15`; a listing has `1st,2nd,15th`. The days come in their order. */
export const MONTH_DAYS: Days<number> = {
  expected: 'days of the month 1-31, joined by ","',
  decode(text) {
    const found = new Set<number>();
    for (const word of text.split(',')) {
      const day = decodeWhole(word.replace(/(?:st|nd|rd|th)$/, ''), 31);
      if (day === undefined || day === 0) return undefined;
      found.add(day);
    }
    return MONTH.filter((day) => found.has(day));
  },
  without: (days) => MONTH.filter((day) => !days.includes(day)),
};

/** `1st`, `2nd`, and, as the tool has it, `11st`. */
export function ordinal(day: number): string {
  return `${day}${['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'}`;
}

/** `22:00`, `22:00:00`: as `HH:MM:SS`. */
export const DAYTIME: Pick<Codec<string>, 'expected' | 'decode'> = {
  expected: 'a time of day',
  decode(text) {
    const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(text) ?? [];
    if (hours === undefined || minutes === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59)
      return undefined;
    return [hours, minutes, seconds].map((part) => part.padStart(2, '0')).join(':');
  },
};

/** `2024-01-01 00:00:00`, `2024-01-01T00:00`, `2024-01`: as `YYYY-MM-DDTHH:MM:SS`. */
export const DATE: Pick<Codec<string>, 'expected' | 'decode'> = {
  expected: 'a date, perhaps with a time of day',
  decode(text) {
    const found = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?)?)?)?$/.exec(text);
    if (found === null) return undefined;
    const [, year, month = '1', day = '1', hours = '0', minutes = '0', seconds = '0'] = found;
    const two = (part: string): string => part.padStart(2, '0');
    return `${year}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${two(seconds)}`;
  },
};
