/** A text in which addresses have no user and password any more. */
export function withoutPasswords(text: string): string {
  return text.includes('@') ? text.replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, '$1') : text;
}
