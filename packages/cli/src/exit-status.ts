/** Nothing found at or above the level asked for; the exit statuses are those of diff(1) and grep(1). */
export const NOTHING = 0;
/** Drift or findings. */
export const FOUND = 1;
/** Usage, something that cannot be read, or sides that cannot be compared. */
export const TROUBLE = 2;
