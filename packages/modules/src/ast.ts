import type { Span } from '@netdrift/core';

/** `modules.builtin` of a kernel, whole or grepped: the modules that are part of the kernel image. */
export interface ModulesBuiltin {
  readonly kind: 'ModulesBuiltin';
  readonly modules: readonly Module[];
  readonly span: Span;
}

/** How `lsmod` wrote its table: what `printModules` needs beside the modules. */
export interface LsmodLayout {
  /** kmod and busybox print `%-19s %8s  %s`; modutils (Linux 2.4) pads the count, and has flags in parentheses and users in brackets. */
  readonly form: 'kmod' | 'modutils';
  /** Whether the header line is there; a grep drops it. */
  readonly header: boolean;
  /** What busybox and modutils say behind the header: `Not tainted`, `Tainted: P`. */
  readonly taint?: string;
  /** A blank stands behind the count of a module without users, as busybox and old kmod print. */
  readonly trailingBlank?: true;
}

/** What `lsmod` prints: the modules loaded at one moment. */
export interface Lsmod {
  readonly kind: 'Lsmod';
  readonly layout: LsmodLayout;
  readonly modules: readonly Module[];
  readonly span: Span;
}

/** The kernel's file `/proc/modules`. */
export interface ProcModules {
  readonly kind: 'ProcModules';
  readonly modules: readonly Module[];
  readonly span: Span;
}

/** Names of modules, one a line, as `cut -f1 -d ' ' /proc/modules` prints; paths between them are read too. */
export interface ModuleNames {
  readonly kind: 'ModuleNames';
  readonly modules: readonly Module[];
  readonly span: Span;
}

/** What modprobe, insmod or rmmod answered, one error a line. */
export interface ModuleErrors {
  readonly kind: 'ModuleErrors';
  readonly errors: readonly ToolError[];
  readonly span: Span;
}

/** One module. Which keys it has beside the name depends on the output that shows it. */
export interface Module {
  readonly kind: 'Module';
  /** The name as the kernel knows it, with `_` for every `-`. */
  readonly name: string;
  /** The name as written, where that differs from `name`. */
  readonly written?: string;
  /** Where the file lies, in modules.builtin. */
  readonly file?: ModuleFile;
  /** Bytes. */
  readonly size?: number;
  /** Uses, by other modules and by anything else. `-1` and below is a module that cannot be unloaded (Linux before 2.6). */
  readonly useCount?: number;
  /** The modules that use this one, as written; empty where none does. */
  readonly usedBy?: readonly string[];
  /** The module has no exit function: it stays until the machine restarts. */
  readonly permanent?: true;
  /** modutils: loaded on demand, removed when idle. */
  readonly autoclean?: true;
  /** modutils: never used since it was loaded. */
  readonly unused?: true;
  readonly state?: 'Live' | 'Loading' | 'Unloading';
  /** Where it lies in memory, as printed; all zeros for a reader without rights. */
  readonly address?: string;
  /** Letters of what it taints the kernel with: `OE`. */
  readonly taint?: string;
  readonly span: Span;
}

/** The place of a module's file. */
export interface ModuleFile {
  /** Folder below `/lib/modules/RELEASE`, without the last `/`; missing where the name stands alone. */
  readonly directory?: string;
  /** `.ko`, `.ko.gz`, `.ko.xz`, `.ko.zst`. */
  readonly extension: string;
}

/** What a tool that could not do its work said. Only `module-not-found` tells something of the kernel's modules: no file has that name. */
export type ModuleErrorName =
  | 'module-not-found'
  | 'module-in-use'
  | 'module-not-loaded'
  | 'module-refused'
  | 'file-not-found'
  | 'permission-denied'
  | 'command-not-found'
  | 'other';

/**
 * An error message of a tool: an answer, not damage. The parts it names stand in its fields, the words around them in
 * `wording`.
 */
export interface ToolError {
  readonly kind: 'ToolError';
  readonly error: ModuleErrorName;
  /** The tool that failed, or was not found: `modprobe`, `lsmod`, `cat`. */
  readonly tool?: string;
  /** The shell that did not find the tool: `-bash`, `/bin/sh`. */
  readonly shell?: string;
  /** `FATAL`, `ERROR` or `WARNING`, as kmod says. */
  readonly level?: string;
  /** The module it is about. */
  readonly name?: string;
  /** The file or folder it is about; of busybox's modinfo the kernel's release. */
  readonly place?: string;
  /** Why, in the words of the kernel or the C library: `Operation not permitted`; of a shell, the line of its script. */
  readonly reason?: string;
  /** The sentence with the fields' names in braces; for `other` the text itself. */
  readonly wording: string;
  readonly span: Span;
}

/** Everything `parseModules` gives. */
export type Modules = ModulesBuiltin | Lsmod | ProcModules | ModuleNames | ModuleErrors | ToolError;

/** Every node of the tree that has a span. */
export type ModulesNode = Modules | Module;
