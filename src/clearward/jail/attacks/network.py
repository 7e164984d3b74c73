"""Attempts on the network and on other ways to talk."""

import os
import socket
import struct

from clearward.jail.attacks.attempt import Attempt, Target, plain, scratch, syscall

_BUFFER = scratch()
_DISCARD = (
    struct.pack("<H", socket.AF_INET) + struct.pack(">H", 9) + b"\x7f\0\0\1" + bytes(8)
)
_ABSTRACT = struct.pack("<H", socket.AF_UNIX) + b"\0clearward-prove"
_BY_PATH = struct.pack("<H", socket.AF_UNIX) + b"/run/dbus/system_bus_socket\0"
_HOST = os.uname().nodename.encode()  # its own name again: it would do no harm
_AF_ALG, _AF_VSOCK, _AF_XDP = 38, 40, 44


def _connect(family: int, kind: int, address: bytes) -> int:
    made = syscall("socket", family, kind, 0)
    return syscall("connect", made, address, len(address))


def _udp(_: Target) -> int:
    made = syscall("socket", socket.AF_INET, socket.SOCK_DGRAM, 0)
    return syscall("sendto", made, _BUFFER, 8, 0, _DISCARD, len(_DISCARD))


ATTEMPTS = (
    plain("socket-tcp", "socket", socket.AF_INET, socket.SOCK_STREAM, 0),
    plain("socket-tcp6", "socket", socket.AF_INET6, socket.SOCK_STREAM, 0),
    Attempt(
        "connect-tcp", lambda _: _connect(socket.AF_INET, socket.SOCK_STREAM, _DISCARD)
    ),
    Attempt("send-udp", _udp),
    plain("socket-raw", "socket", socket.AF_INET, socket.SOCK_RAW, 1),
    plain("socket-packet", "socket", socket.AF_PACKET, socket.SOCK_RAW, 0),
    Attempt(
        "connect-unix-abstract",
        lambda _: _connect(socket.AF_UNIX, socket.SOCK_STREAM, _ABSTRACT),
    ),
    Attempt(
        "connect-unix-path",
        lambda _: _connect(socket.AF_UNIX, socket.SOCK_STREAM, _BY_PATH),
    ),
    plain("socket-netlink", "socket", socket.AF_NETLINK, socket.SOCK_RAW, 0),
    plain("socket-vsock", "socket", _AF_VSOCK, socket.SOCK_STREAM, 0),
    plain("socket-kernel-crypto", "socket", _AF_ALG, socket.SOCK_SEQPACKET, 0),
    plain("socket-xdp", "socket", _AF_XDP, socket.SOCK_RAW, 0),
    plain("socket-pair", "socketpair", socket.AF_UNIX, 1, 0, _BUFFER),
    plain("pipe", "pipe2", _BUFFER, 0),
    plain("event-descriptor", "eventfd2", 0, 0),
    plain("signal-descriptor", "signalfd4", -1, _BUFFER, 8, 0),
    plain("timer-descriptor", "timerfd_create", 1, 0),
    plain("message-queue", "mq_open", b"clearward-prove", 0o102, 0o600, 0),
    plain("system-v-messages", "msgget", 0x1234, 0o1600),
    plain("system-v-memory", "shmget", 0x1234, 4096, 0o1600),
    plain("system-v-semaphores", "semget", 0x1234, 1, 0o1600),
    plain("add-key", "add_key", b"user", b"leak", b"secret", 6, -4),
    plain("request-key", "request_key", b"user", b"leak", b"", -4),
    plain("search-keyring", "keyctl", 10, -4, b"user", b"leak", 0),
    plain("host-name", "sethostname", _HOST, len(_HOST)),
    plain("read-host-name", "uname", _BUFFER),
    plain("io-uring", "io_uring_setup", 4, bytes(256)),
    plain("asynchronous-io", "io_setup", 1, _BUFFER),
)
