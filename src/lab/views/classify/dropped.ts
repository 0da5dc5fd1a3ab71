/** Files that are dropped on Classify: a network, or digits. */
import { openModelFile } from '../../actions/models';
import { openDigits } from './choices';

export function take(files: readonly File[]): void {
  const model = files.find(({ name }) => name.toLowerCase().endsWith('.safetensors'));
  if (model) void openModelFile(model);
  else void openDigits(files);
}
