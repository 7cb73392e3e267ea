@echo off
rem Runs every test. The report's browser tests need Chrome or Chromium (set BALLAST_CHROMIUM to its path).
setlocal
cd /d "%~dp0"
dotnet test Ballast.slnx -c Release -nologo %*
exit /b %ERRORLEVEL%
