/** A file whose text the build puts in. */
declare module '*.sh' {
  const text: string;
  // oxlint-disable-next-line import/no-default-export -- that is what the build gives
  export default text;
}
