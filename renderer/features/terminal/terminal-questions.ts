import { shallowRef } from 'vue';

/** Text that waits for a yes before it is pasted. */
export interface PasteQuestion { terminalId: string; text: string; isBracketed: boolean }

/** One at a time: a question is a dialog. */
export const pasteQuestion = shallowRef<PasteQuestion | null>(null);
export const askBeforePaste = (question: PasteQuestion): void => { pasteQuestion.value = question; };

/** The terminal that waits for a yes before it is closed. */
export const closeQuestion = shallowRef<string | null>(null);
