/** Anything outside the Char production of XML 1.0 (section 2.2). */
export const forbiddenCharacter = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
