// The lines of a modem (DTR, RTS), which Wine sets on every serial port and a pseudo-terminal of Linux does not have: loaded before
// the C library of Wine by the test of positions, never for a package.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/ioctl.h>

int ioctl(int fd, unsigned long request, ...)
{
	static int (*real)(int, unsigned long, ...);
	va_list rest;
	void *value;

	va_start(rest, request);
	value = va_arg(rest, void *);
	va_end(rest);
	switch (request) {
	case TIOCMGET:
		*(int *)value = 0;
		return 0;
	case TIOCMSET:
	case TIOCMBIS:
	case TIOCMBIC:
		return 0;
	}
	if (!real)
		real = dlsym(RTLD_NEXT, "ioctl");
	return real(fd, request, value);
}
