// Scripts and command lines that take over or stay on a Linux machine.

rule Clearward_Linux_Fileless_Memfd
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Script that fetches or decodes a program into an anonymous file in memory and executes it from there."
        reference = "https://attack.mitre.org/techniques/T1620/"
        severity = "high"
    strings:
        $number = /\bsyscall\s*\(?\s*319\b/
        $function = /\bmemfd_create\s*\(/
        $execute = /\bexec[lvpe]*\b[^\r\n]{0,60}\/proc\/[^\s\/]{1,40}\/fd\//
        $source = /\b(?:urlopen|urlretrieve|requests\.get|b64decode|decode_base64|zlib\.decompress|LWP::Simple|HTTP::Tiny|IO::Socket)\b|\bpack[\s(q]+["'(]H\*|\b(?:curl|wget)\s+-/
    condition:
        filesize < 32MB and ($number or $function) and $execute and $source
}

rule Clearward_Linux_Preload_Drop
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Script that has every program load a library from a temporary or hidden place."
        reference = "https://attack.mitre.org/techniques/T1574/006/"
        severity = "high"
    strings:
        $temporary = /(?:\/tmp|\/dev\/shm|\/\.[\w.\-]+)\/[^\s"']{0,80}\.so[\d.]*["']?\s*(?:>+|\|\s*(?:sudo\s+)?tee\s(?:\s*-a\s)?)\s*["']?\/etc\/ld\.so\.preload\b/
        $written = />\s*["']?\/etc\/ld\.so\.preload\b/
        $locked = /\bchattr\s[^\r\n]{0,8}\+[ai]+\s[^\r\n]{0,80}\/etc\/ld\.so\.preload\b/
        $fetched = /\b(?:curl|wget)\s[^\r\n]{0,160}http/
    condition:
        filesize < 1MB and ($temporary or ($written and $locked and $fetched))
}

rule Clearward_Linux_Reverse_Shell_Bash
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Shell that is connected to a network address through bash's own devices."
        reference = "https://attack.mitre.org/techniques/T1059/004/"
        severity = "high"
    strings:
        $interactive = /sh\s+-[il]+\s*[\d&]?[<>]+&?\s*\/dev\/(?:tcp|udp)\/[\w.\-]+\/\d+\s*\d?[<>]&/
        $descriptor = /\bexec\s+\d+<>\s*\/dev\/tcp\/[^\r\n;]{0,80};[^\r\n]{0,120}(?:\bread\b[^\r\n]{0,120}\bdo\s+\$|sh\s[\s\-i]*[<>]&)/
    condition:
        filesize < 1MB and any of them
}

rule Clearward_Linux_Reverse_Shell_Interpreter
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Python, Perl, PHP or Ruby that connects a shell to a network address."
        reference = "https://attack.mitre.org/techniques/T1059/006/"
        severity = "high"
    strings:
        $python_connect = /\.connect\s*\(\s*\([^)\r\n]+,\s*\d+\s*\)\s*\)/
        $python_descriptor = /\bdup2\s*\(\s*\w+\.fileno\s*\(\s*\)\s*,\s*(?:[012]|fd)\b/
        $python_shell = /pty\.spawn\s*\([^\r\n]{1,12}sh\b|\/bin\/(?:ba|da|z)?sh\\?["']\s*,\s*\\?["']-i\\?["']/
        $perl = /\bopen\s*\(?\s*STDIN\s*,[^\r\n]{1,8}&[^\r\n]{0,200}\bexec[^\r\n]{1,4}\/bin\/(?:ba|da|z)?sh\s+-i\b/
        $redirected = /\b(?:fsockopen|TCPSocket\.open|TCPSocket\.new)\s*\([^\r\n]{3,200}\/bin\/(?:ba|da|z)?sh\s+-i\b/
    condition:
        filesize < 128KB
        and (
            ($python_connect and $python_descriptor and $python_shell)
            or $perl
            or $redirected
        )
}

rule Clearward_Linux_Reverse_Shell_Netcat
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Shell that netcat, socat or openssl connects to a network address."
        reference = "https://attack.mitre.org/techniques/T1059/004/"
        severity = "high"
    strings:
        // A listener (-l) waits for others; its manuals are full of examples.
        $execute = /\b(?:nc|ncat|netcat|nc\.traditional)\s+(?:-[a-km-z]+\s+)*(?:-[a-km-z]*[ec]|--exec|--sh-exec)\s+["']?[\/\w]*\/(?:ba|da|z)?sh["']?\s+[^\s\-][^\s]+\s+\d/
        $execute_last = /\b(?:nc|ncat|netcat|nc\.traditional)\s+(?:-[a-km-z]+\s+)*[^\s\-][^\s]+\s+\d+\s+(?:-[a-km-z]*[ec]|--exec|--sh-exec)\s+["']?[\/\w]*\/(?:ba|da|z)?sh\b/
        $pipe = /\bmkfifo\s[^\r\n]{0,160}sh\s+-i\b[^\r\n|]{0,16}\|\s*(?:busybox\s+)?(?:(?:nc|ncat|netcat|telnet)\s+(?:-[a-km-z]+\s+)*[^\s\-][^\s]+\s+\d|openssl\s+s_client\s)/
        $socat = /\bsocat\s[^\r\n]{0,80}(?:exec|EXEC):["']?(?:\/bin\/)?(?:ba)?sh\b[^\r\n]{0,80}\b(?:tcp|TCP)(?:4|6|-connect)?:/
        $socat_last = /\bsocat\s[^\r\n]{0,20}\b(?:tcp|TCP)(?:4|6|-connect)?:[^\r\n]{0,80}(?:exec|EXEC):["']?(?:\/bin\/)?(?:ba)?sh\b/
    condition:
        filesize < 1MB
        and (any of ($execute*) or $pipe or any of ($socat*))
}

rule Clearward_Linux_Persistence_Pipe
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Scheduled job or key entry beside a shell that is fed from a bare public IP address."
        reference = "https://attack.mitre.org/techniques/T1053/003/"
        severity = "high"
    strings:
        $pipe = /\b(?:curl|wget)\s[^\r\n|]{0,60}\b(?:[2-9]\d*|1(?:[1-9]?|[013458]\d|2[0-689]|6[0-8]|7[013-9]|9[013-9]))\.\d+\.\d+\.\d+\b[^\r\n|]{0,80}\|[^\r\n]{0,16}sh\b/
        $scheduled = /(?:@(?:reboot|hourly|daily)|(?:[\d*][\d*\/,\-]*[ \t]+){5})[^\r\n]{0,60}\b(?:curl|wget)\s/
        $key = /\bssh-(?:rsa|ed25519)\s+AAAA[^\r\n]{20,800}>\s*[^\r\n]{0,60}\/authorized_keys\b/
    condition:
        filesize < 1MB and $pipe and ($scheduled or $key)
}
