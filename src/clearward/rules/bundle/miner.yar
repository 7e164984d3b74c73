// Coin miners that somebody else's machine is made to run.

rule Clearward_Miner_Hidden_Command
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Script that starts a coin miner for a pool and wallet in the background."
        reference = "https://attack.mitre.org/techniques/T1496/"
        severity = "medium"
    strings:
        $pool = /\bstratum\d?\+(?:tcp|ssl|tls|udp):\/\/[^\s:]+:\d/
        $option = /\s--(?:donate-level|nicehash|randomx-|cpu-max-threads-hint|max-cpu-usage|coin)\b/
        $wallet = /-u[^\r\n]{0,6}[48][^\s"'.\-]{93}/
        $background = /\bnohup\s|\s--background\b|\s-B\b|\bcrontab\s|\bdisown\b|\bschtasks\s|>\s*\/dev\/null\s+2>&1\s*&/
    condition:
        filesize < 256KB and $pool and $background and ($option or $wallet)
}
