/** Put in by the build: the version in package.json. */
declare const NETDRIFT_VERSION: string | undefined;

/** The version of netdrift; `0.0.0` where it runs from its sources. */
export const VERSION: string = typeof NETDRIFT_VERSION === 'string' ? NETDRIFT_VERSION : '0.0.0';
