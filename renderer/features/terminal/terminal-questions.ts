import { shallowRef } from 'vue';

/** Text that waits for a yes before it is pasted. */
export interface PasteQuestion { terminalId: string; text: string; isBracketed: boolean }

/** One at a time: a question is a dialog. */
export const pasteQuestion = shallowRef<PasteQuestion | null>(null);
export const askBeforePaste = (question: PasteQuestion): void => { pasteQuestion.value = question; };

/** The terminals that wait for a yes before they are closed: one, or all of a tab. */
export const closeQuestion = shallowRef<readonly string[] | null>(null);
