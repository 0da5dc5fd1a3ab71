/** What of the CPU engine is compiled to WebAssembly: see `src/engine/cpu/`. */
export { listForeground, product, sparseProduct } from './products';
export { activate, compare, move, pull, slopes } from './units';
