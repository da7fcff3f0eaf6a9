import SSHConfig from 'ssh-config';

/** One directive of an ssh_config file. */
export interface ConfigDirective {
  file: string;
  /** From 1. */
  line: number;
  /** Lower case, as the file format ignores case. */
  keyword: string;
  values: string[];
}

export interface ConfigMistake {
  file: string;
  line: number;
  reason: string;
}

/**
 * The directives of one file, and the lines that are wrong. The format is made of single lines (ssh_config(5)), so each
 * is parsed on its own: one mistake doesn't cost the rest, and its line number is known.
 */
export function parseConfigLines(text: string, file: string): { directives: ConfigDirective[]; mistakes: ConfigMistake[] } {
  const directives: ConfigDirective[] = [];
  const mistakes: ConfigMistake[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) return;
    const line = index + 1;
    try {
      const directive = parseLine(content, file, line);
      directives.push(directive);
      const reason = mistakeIn(directive);
      if (reason) mistakes.push({ file, line, reason });
    } catch (error) {
      mistakes.push({ file, line, reason: explainParseError(error) });
    }
  });
  return { directives, mistakes };
}

function parseLine(content: string, file: string, line: number): ConfigDirective {
  // The parser fails in an obscure way on a keyword that stands alone.
  if (/^[^\s=]+\s*=?\s*$/.test(content)) return { file, line, keyword: content.replace(/[\s=]+$/, '').toLowerCase(), values: [] };
  const parsed = SSHConfig.parse(content)[0];
  if (parsed === undefined || !('param' in parsed)) throw new Error('this is no directive');
  const value = typeof parsed.value === 'string' ? [parsed.value] : parsed.value.map(({ val }) => val);
  return { file, line, keyword: parsed.param.toLowerCase(), values: value.filter((word) => word !== '') };
}

function mistakeIn({ keyword, values }: ConfigDirective): string | null {
  if (!keywords.has(keyword)) return `“${keyword}” is no option of ssh`;
  if (values.length === 0) return `${keyword} needs a value`;
  if (keyword === 'port' && !isPort(values[0]!)) return `“${values[0]}” is no port (1 to 65535)`;
  return null;
}

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}

function explainParseError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/line break/i.test(message)) return 'a quotation mark is not closed';
  return message;
}

/** Every keyword of ssh_config(5) up to OpenSSH 10, and the former names that ssh still takes. */
const keywords = new Set(`
host match include addkeystoagent addressfamily batchmode bindaddress bindinterface canonicaldomains
canonicalizefallbacklocal canonicalizehostname canonicalizemaxdots canonicalizepermittedcnames casignaturealgorithms
certificatefile channeltimeout checkhostip ciphers clearallforwardings compression compressionlevel connectionattempts
connecttimeout controlmaster controlpath controlpersist dynamicforward enableescapecommandline enablesshkeysign escapechar
exitonforwardfailure fingerprinthash forkafterauthentication forwardagent forwardx11 forwardx11timeout forwardx11trusted
gatewayports globalknownhostsfile gssapiauthentication gssapidelegatecredentials gssapikexalgorithms gssapikeyexchange
gssapiclientidentity gssapirenewalforcesrekey gssapiserveridentity gssapitrustdns hashknownhosts hostbasedacceptedalgorithms
hostbasedauthentication hostbasedkeytypes hostkeyalgorithms hostkeyalias hostname identitiesonly identityagent identityfile
ignoreunknown ipqos kbdinteractiveauthentication kbdinteractivedevices kexalgorithms knownhostscommand localcommand
localforward loglevel logverbose macs nohostauthenticationforlocalhost numberofpasswordprompts obscurekeystroketiming
passwordauthentication permitlocalcommand permitremoteopen pkcs11provider port preferredauthentications protocol
proxycommand proxyjump proxyusefdpass pubkeyacceptedalgorithms pubkeyacceptedkeytypes pubkeyauthentication rekeylimit
remotecommand remoteforward requesttty requiredrsasize revokedhostkeys rhostsrsaauthentication rsaauthentication
securitykeyprovider sendenv serveralivecountmax serveraliveinterval sessiontype setenv stdinnull streamlocalbindmask
streamlocalbindunlink stricthostkeychecking syslogfacility tag tcpkeepalive tunnel tunneldevice updatehostkeys
useprivilegedport user userknownhostsfile usekeychain verifyhostkeydns versionaddendum visualhostkey warnweakcrypto
xauthlocation challengeresponseauthentication skeyauthentication dsaauthentication cipher fallbacktorsh usersh keepalive
smartcarddevice afstokenpassing kerberosauthentication kerberostgtpassing useroaming
`.split(/\s+/).filter(Boolean));
