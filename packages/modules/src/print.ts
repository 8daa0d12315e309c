import type { Lsmod, LsmodLayout, Module, Modules } from './ast.ts';
import { printToolError } from './tool-errors.ts';
import { PERMANENT } from './values.ts';

/**
 * The text that the tool prints for a value of `parseModules`: for real output the same characters.
 *
 * @example
 * printModules({ kind: 'ModuleNames', modules: [{ kind: 'Module', name: 'ip_vs', span }], span }) // => 'ip_vs\n'
 */
export function printModules(value: Modules): string {
  switch (value.kind) {
    case 'ModulesBuiltin':
    case 'ModuleNames':
      return lines(value.modules.map(fileOf));
    case 'Lsmod':
      return printLsmod(value);
    case 'ProcModules':
      return lines(value.modules.map(procLine));
    case 'ModuleErrors':
      return lines(value.errors.map(printToolError));
    case 'ToolError':
      return lines([printToolError(value)]);
  }
}

function lines(printed: readonly string[]): string {
  return printed.map((line) => `${line}\n`).join('');
}

/** `kernel/net/netfilter/ipvs/ip_vs.ko` */
function fileOf({ name, written = name, file }: Module): string {
  if (file === undefined) return written;
  return `${file.directory === undefined ? '' : `${file.directory}/`}${written}${file.extension}`;
}

const HEADER = 'Module                  Size  Used by';

function printLsmod({ layout, modules }: Lsmod): string {
  const header = layout.taint === undefined ? HEADER : `${HEADER}    ${layout.taint}`;
  return lines([...(layout.header ? [header] : []), ...modules.map((module) => lsmodLine(module, layout))]);
}

/** kmod tools/lsmod.c `%-19s %8ld  %d`; busybox modutils/lsmod.c the same and a blank; modutils `%-20s%8lu%4ld ` */
function lsmodLine(module: Module, { form, trailingBlank }: LsmodLayout): string {
  const { name, written = name, size = 0, useCount = 0 } = module;
  const start = `${written.padEnd(19)} ${String(size).padStart(8)}  ${String(useCount).padStart(form === 'kmod' ? 1 : 2)}`;
  if (form === 'modutils') return `${start} ${modutilsFlags(module)}`;
  const users = usersOf(module).join(',');
  return users !== '' || trailingBlank === true ? `${start} ${users}` : start;
}

function modutilsFlags({ autoclean, unused, usedBy = [], permanent }: Module): string {
  const users = usedBy.length > 0 ? ` [${usedBy.join(' ')}]` : '';
  return `${autoclean === true ? ' (autoclean)' : ''}${unused === true ? ' (unused)' : ''}${permanent === true ? ` ${PERMANENT}` : users}`;
}

function usersOf({ usedBy = [], permanent }: Module): readonly string[] {
  return permanent === true ? [...usedBy, PERMANENT] : usedBy;
}

/** Linux kernel/module/procfs.c `m_show`: `nf_nat 57344 2 iptable_nat,xt_nat, Live 0xffffffffc0651000` */
function procLine(module: Module): string {
  const { name, written = name, size = 0, useCount, state = 'Live', address = '0x0000000000000000', taint } = module;
  const users = usersOf(module).map((user) => `${user},`);
  const columns = [written, size, useCount ?? '-', users.length === 0 ? '-' : users.join(''), state, address];
  return [...columns, ...(taint === undefined ? [] : [`(${taint})`])].join(' ');
}
