/** What of node-pty is used. (The package of that name is an alias of one whose own types go by another name.) */
declare module 'node-pty' {
  export interface PtyProcess {
    readonly pid: number;
    /** Path of the terminal's other side; not on Windows. */
    readonly ptsName?: string;
    onData(listener: (data: Buffer) => void): void;
    onExit(listener: (end: { exitCode: number; signal?: number }) => void): void;
    write(data: string): void;
    resize(columns: number, rows: number): void;
    pause(): void;
    resume(): void;
    kill(signal?: string): void;
  }

  /** `encoding: null`: bytes as they are. Throws when there is no such program (Windows), or no more pseudo-terminals. */
  export function spawn(file: string, args: readonly string[], options: {
    name: string;
    cols: number;
    rows: number;
    cwd: string;
    env: Record<string, string | undefined>;
    encoding: null;
  }): PtyProcess;
}
