import type { Module } from '@netdrift/modules';
import type { Part } from '../read/snapshot.ts';
import { originOf } from './ipvs-table.ts';
import type { ModuleTable } from './model.ts';
import type { Origin } from './origin.ts';

/** The modules built into the kernel and those loaded, as far as lists of them were given. */
export function moduleTable(parts: readonly Part[]): ModuleTable | undefined {
  let builtin: Map<string, Origin> | undefined;
  let loaded: Map<string, Origin> | undefined;
  for (const part of parts) {
    if (part.content.kind !== 'modules') continue;
    const { value } = part.content;
    if (value.kind === 'ModulesBuiltin') builtin = addModules(builtin, value.modules, part);
    else loaded = addModules(loaded, value.modules, part);
  }
  if (builtin === undefined && loaded === undefined) return undefined;
  const partial = parts.some(({ content, completeness }) => content.kind === 'modules' && completeness.state !== 'complete');
  return {
    ...(partial ? { partial: true } : {}),
    ...(builtin === undefined ? {} : { builtin }),
    ...(loaded === undefined ? {} : { loaded }),
  };
}

function addModules(known: Map<string, Origin> | undefined, modules: readonly Module[], part: Part): Map<string, Origin> {
  const table = known ?? new Map<string, Origin>();
  for (const module of modules) if (!table.has(module.name)) table.set(module.name, originOf(part, module.span));
  return table;
}
