/** What of the CPU engine is compiled to WebAssembly: see `src/engine/cpu/`. */
export { madam } from './optimisers';
export {
  listForeground,
  packRows,
  product,
  sparseProduct,
  sumColumns,
  transposePanels,
  transposeRows,
} from './products';
export { activate, compare, move, pull, slopes } from './units';
export { combine, inner, times } from './vectors';
