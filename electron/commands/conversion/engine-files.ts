import arm from './engine/arm.sh?raw';
import engine from './engine/engine.sh?raw';
import journal from './engine/journal.sh?raw';
import keep from './engine/keep.sh?raw';
import probe from './engine/probe.sh?raw';
import revert from './engine/revert.sh?raw';
import shape from './engine/shape.sh?raw';

/** The engine as it stands in a transaction's folder on the host, by file name. */
export const engineFiles: Readonly<Record<string, string>> = {
  'engine.sh': engine, 'journal.sh': journal, 'keep.sh': keep, 'shape.sh': shape, 'probe.sh': probe, 'arm.sh': arm, 'revert.sh': revert,
};
