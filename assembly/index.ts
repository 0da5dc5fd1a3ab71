/** What of the CPU engine is compiled to WebAssembly: see `src/engine/cpu/`. */
export { listForeground, packRows, product, sparseProduct, transposePanels, transposeRows } from './products';
export { activate, compare, move, pull, slopes } from './units';
