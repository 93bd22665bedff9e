import manifest from '../../package.json' with { type: 'json' };

/** Name and version of this tool, as the journal writes them. */
export const toolName = `surefoot ${manifest.version}`;
