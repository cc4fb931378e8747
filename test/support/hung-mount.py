"""Mounts a file system that never answers, until standard input ends: /dev/fuse with nobody who reads from it."""
import ctypes, os, sys

fd = os.open('/dev/fuse', os.O_RDWR)
libc = ctypes.CDLL(None, use_errno=True)
path = sys.argv[1].encode()
options = f'fd={fd},rootmode=40000,user_id=0,group_id=0,allow_other'.encode()
if libc.mount(b'kmswatch-test', path, b'fuse', 0, options) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
print('hangs', flush=True)
sys.stdin.read()
libc.umount2(path, 2)
