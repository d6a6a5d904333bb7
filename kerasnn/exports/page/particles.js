/** Korean particles that depend on the sound before them, marked as in kerasnn/language.py: `{name}[은/는]`. */

const MARKED = /([\p{L}\p{N}]+|%p?)?([^\p{L}\p{N}_\s%]*)\[([가-힣]+)\/([가-힣]*)\]/gu;
const CLOSED = [
  /[013678lmn]$/,
  /[aeiouy][lmn]e$|[a-z]le$|[aeiouy]ng$/,
  /(?<![aeiouy])[aeiouy][bckpt]$|ou?t$|[aeiou]ck$|oo[kpt]$/,
  /^[^aeiouy]*r$/,
];
const RIEUL = 8; // place of ㄹ among the final consonants

/** Chooses each marked particle in `text` by the sound that the word before it ends in. */
export function agreeing(text) {
  return text.replace(MARKED, (_whole, word = "", between, closed, opened) => {
    const final = finalOf(word.toLowerCase());
    return word + between + (final === 0 || (final === RIEUL && closed === "으로") ? opened : closed);
  });
}

function finalOf(word) {
  const last = word.slice(-1);
  if (last >= "가" && last <= "힣") return (last.charCodeAt(0) - "가".charCodeAt(0)) % 28;
  const isAscii = [...word].every((each) => each <= "\x7f");
  if (!isAscii || !CLOSED.some((each) => each.test(word))) return 0;
  return /[178lr]e?$/.test(word) ? RIEUL : 1;
}
