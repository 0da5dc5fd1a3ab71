/** Where a network learns: on the engine's own device, or here, by the engine's products. */
import type { Learner, LearningEngine, LearningSettings } from '../engine/learning';
import type { TrainingEngine } from '../engine/trainable';
import type { Network } from '../network/network';
import { Trainer } from './trainer';

/** @throws EngineError when the engine's device cannot learn so */
export async function startLearner(
  engine: TrainingEngine | LearningEngine,
  network: Network,
  settings: LearningSettings,
): Promise<Learner> {
  if ('learner' in engine) return engine.learner(network, settings);
  return new Trainer(await engine.trainable(network), settings);
}
