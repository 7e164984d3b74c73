// Web shells: pages of a few lines that run what a request hands them.

rule Clearward_Webshell_PHP_Eval_Request
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "PHP that evaluates a request value as code, decoded or not."
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "high"
    strings:
        $eval = /\b(?i:eval)\s*\([\s"'?>.@]*(?:@?(?:base64_decode|stripslashes|trim|gzinflate|str_rot13|strrev|urldecode|hex2bin)\s*\(\s*)*[@"'{]*\$\{?_(?:POST|GET|REQUEST|COOKIE)\s*[\[{]/
        // An assertion about a request is ordinary; one that is the request is not.
        $assert = /\b(?i:assert)\s*\(\s*(?:@?(?:base64_decode|stripslashes|trim|gzinflate|str_rot13|strrev|urldecode|hex2bin)\s*\(\s*)*[@"'{]*\$\{?_(?:POST|GET|REQUEST|COOKIE)\s*[\[{][^\]\r\n]{1,64}[\]}]["'\s]*\)/
        $input = /\b(?i:eval|assert)\s*\([\s"'?>.@]*(?:base64_decode|gzinflate|str_rot13|strrev|hex2bin)\s*\(\s*(?:@?(?:base64_decode|stripslashes|trim|gzinflate|str_rot13|strrev|urldecode|hex2bin)\s*\(\s*)*@?file_get_contents\s*\(\s*["']php:\/\/input["']/
    condition:
        filesize < 1MB and any of them
}

rule Clearward_Webshell_PHP_Command_Request
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "PHP that hands a request value to the command line as it is."
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "high"
    strings:
        // Not a method, not a longer name: PDO has an exec() of its own.
        $call = /[^\w>:$'"`\-](?i:system|passthru|shell_exec|exec|popen|proc_open|pcntl_exec)\s*\(\s*(?:@?(?:base64_decode|stripslashes|trim|gzinflate|str_rot13|strrev|urldecode|hex2bin)\s*\(\s*)*[@"'{]*\$\{?_(?:POST|GET|REQUEST|COOKIE)\s*[\[{]/
        // Backticks quote names in SQL as well, so the whole statement has to fit.
        $backticks = /(?i:<\?=|echo|print|=)\s*`\s*\{?\$\{?_(?:POST|GET|REQUEST|COOKIE)\s*[\[{][^`\r\n]{1,64}`\s*(?:;|\?>)/
    condition:
        filesize < 1MB and any of them
}

rule Clearward_Webshell_PHP_Decoded_Eval
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "PHP that evaluates a text packed in at least two layers of encoding."
        reference = "https://attack.mitre.org/techniques/T1027/010/"
        severity = "medium"
    strings:
        $chain = /\b(?i:eval|assert)\s*\([^;\r\n]{0,40}(?:gzinflate|gzuncompress|gzdecode|str_rot13|strrev)\s*\(\s*(?:@?\w+\s*\(\s*)+["'][^\s"'$]{64}/
    condition:
        filesize < 4MB and $chain
}

rule Clearward_Webshell_PHP_Request_Callback
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "PHP that turns a request value into a function, a callback or a replacement that is run."
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "high"
    strings:
        $created = /(?i:create_function)\s*\(\s*["'$\w]*\s*,\s*(?:@?(?:base64_decode|stripslashes|trim|gzinflate|str_rot13|strrev|urldecode|hex2bin)\s*\(\s*)*@?\$\{?_(?:POST|GET|REQUEST|COOKIE)\s*[\[{]/
        $callback = /(?:array_(?:map|filter|walk|reduce)|u[ak]?sort|call_user_func(?:_array)?|register_shutdown_function)\s*\(\s*["'](?:assert|system|passthru|shell_exec|exec|popen)["']\s*,\s*(?:array\s*\(|\[)?\s*(?:@?(?:base64_decode|stripslashes|trim|gzinflate|str_rot13|strrev|urldecode|hex2bin)\s*\(\s*)*@?\$\{?_(?:POST|GET|REQUEST|COOKIE)\s*[\[{]/
        // With "new" before it the value is a class: poor, but not a shell. The form with
        // $_GET is left out: it stands in demonstrations of other faults.
        $called = /[;{}(=@,.?po]\s*\$_(?:POST|REQUEST|COOKIE)\s*\[[^\]\r\n]{1,32}\]\s*\(\s*(?:@?(?:base64_decode|stripslashes|trim|gzinflate|str_rot13|strrev|urldecode|hex2bin)\s*\(\s*)*@?\$\{?_(?:POST|GET|REQUEST|COOKIE)\s*[\[{]/
        // The modifier e, which PHP 7 took away, evaluates the replacement.
        $replaced = /preg_replace\s*\(\s*["'][^"'\r\n]{0,32}[\/#~|!%][a-z]*e[a-z]*["']\s*,\s*["'@]*(?:\$\{?_(?:POST|GET|REQUEST|COOKIE)\s*[\[{]|\\x65\\x76\\x61\\x6)/
    condition:
        filesize < 1MB and any of them
}

rule Clearward_Webshell_JSP_Runtime_Request
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "JSP that runs a request parameter as a command."
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "high"
    strings:
        $page = /<%[@!=\s]/
        $direct = /(?:getRuntime\s*\(\s*\)\s*\.\s*exec|new\s+ProcessBuilder)\s*\([^;\r\n]{0,120}\brequest\s*\.\s*getParameter\s*\(/
        $assigned = /\brequest\s*\.\s*getParameter\s*\([^;]{1,80};.{0,400}\bgetRuntime\s*\(\s*\)\s*\.\s*exec\s*\(/s
    condition:
        filesize < 128KB and $page and ($direct or $assigned)
}

rule Clearward_Webshell_ASP_Eval_Request
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "ASP or ASP.NET page that evaluates a request value as code."
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "high"
    strings:
        // A method called Execute (of a database connection, of the server) follows a dot.
        $eval = /<%(?:[^%]{0,200}[\s:;=(])?(?:eval|execute(?:global)?)[\s(]+(?:[a-z]+\s*\(\s*)?request\s*(?:\.\s*[a-z]+\s*)?[(\[]\s*["'\w]/ nocase
    condition:
        filesize < 512KB and $eval
}

rule Clearward_Webshell_ASPX_Process_Request
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "ASP.NET page that starts a process with what a request holds."
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "high"
    strings:
        $page = /<%@\s*(?:page|webhandler|webservice|control)\b/ nocase
        $start = /\bProcess\s*\.\s*Start\s*\([^;)\r\n]{0,120}\bRequest\s*[.\[(]/
        $shell = /\.FileName\s*=[\s@"']*[^"'\r\n]{0,60}(?:cmd|powershell)[.ex]*["']/ nocase
        $arguments = /\.Arguments\s*=\s*@?["']\s*[\/\-]c(?:ommand)?\s*["']\s*[+&]/ nocase
        $request = /\bRequest\s*(?:\.\s*\w+\s*)?[\[(]\s*["']/
    condition:
        filesize < 512KB and $page and ($start or ($shell and $arguments and $request))
}
