/** The version in package.json, put in by Vite and Vitest. */
declare const __APP_VERSION__: string;

/** WebAssembly that AssemblyScript makes, as base64: see scripts/assembly.mjs. */
declare module '*?assembly' {
  const base64: string;
  export default base64;
}

/** The same with relaxed SIMD. */
declare module '*?assembly=relaxed' {
  const base64: string;
  export default base64;
}
