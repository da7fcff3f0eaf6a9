/** Something behind a practice terminal: it gets keys and prints bytes for the screen. */
export interface PracticeProgram {
  key(key: string): void;
  resize(columns: number): void;
  /** Hung up. */
  close(): void;
}

export interface ProgramEvents {
  print(text: string): void;
  end(exitCode: number): void;
}

/** As the line discipline does it: a new line begins at the left. */
export const onScreen = (text: string): string => text.replace(/\r?\n/g, '\r\n');

/** Whether a key is Ctrl with a letter or one of `@[\]^_`. */
export const isControl = (key: string, letter: string): boolean => key === String.fromCharCode(letter.charCodeAt(0) & 0x1f);
